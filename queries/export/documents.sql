-- The archive's documents with how they stand, whom they are about, and where they lie.
WITH about AS (
    SELECT document_no, list_sort(list(DISTINCT person_key)) AS persons  -- total: sorted
    FROM document_about
    GROUP BY document_no
),
lying AS (
    -- Of several copies the first by name; one that lies nowhere any more: where it lay.
    SELECT
        content_hash                                          AS document_key,
        min(source || '/' || member) FILTER (standing IS NULL) AS here,
        min(source || '/' || member)                           AS anywhere
    FROM member
    WHERE outcome = 'document'
    GROUP BY content_hash
)
SELECT
    document.oid,
    document.set_id,
    document.version,
    document.kind,
    document.general_type,
    document.specific_type,
    document.organiser,
    CASE WHEN restricted.document_no IS NULL THEN document.unit END AS unit,
    document.relationship_id,
    document.case_id,
    document.effective_at,
    document.created_at,
    standing.stored_on,
    standing.standing,
    document.old_relationship,
    document.relationship_start_text,
    document.relationship_end_text,
    document.family_law,
    document.problems,
    coalesce(about.persons, [])                                     AS persons,
    coalesce(lying.here, lying.anywhere)                            AS file
FROM document
JOIN document_standing AS standing ON standing.document_no = document.rowid
LEFT JOIN about ON about.document_no = document.rowid
LEFT JOIN restricted_document AS restricted ON restricted.document_no = document.rowid
LEFT JOIN lying ON lying.document_key = document.document_key
ORDER BY document.oid, document.document_key;
