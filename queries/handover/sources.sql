-- Where documents were read from: how many of them came from each source, and on which day the newest of them was stored. A
-- document that stands in several sources counts in each; what was read stays when its file is gone. Needs
-- `document_copy`: a document in several spellings of its bytes is one.
WITH sent AS (
    SELECT oid, set_id, min(created_at) AS sent_at
    FROM frame
    WHERE NOT voiding AND created_at IS NOT NULL
    GROUP BY oid, set_id
),
sent_document AS (
    -- An inner join, and then the documents that it lacks: an outer one on this condition compares each with each.
    SELECT document.rowid AS document_no, max(sent.sent_at) AS sent_at
    FROM document
    JOIN sent ON sent.oid = document.oid
    WHERE coalesce(sent.set_id = document.set_id, true)
    GROUP BY document.rowid
),
stored AS (
    SELECT
        document.document_key,
        max(coalesce(sent_document.sent_at, document.created_at, document.effective_at))::DATE AS day
    FROM document
    LEFT JOIN sent_document ON sent_document.document_no = document.rowid
    GROUP BY document.document_key
)
SELECT
    member.source,
    count(DISTINCT coalesce(copy.first_key, stored.document_key))   AS documents,
    max(stored.day)                                                 AS newest
FROM member
JOIN stored ON stored.document_key = member.content_hash
LEFT JOIN document_copy AS copy ON copy.document_key = stored.document_key
WHERE member.outcome = 'document'
GROUP BY member.source
ORDER BY newest DESC NULLS LAST, member.source;
