-- The newest day that the data speak of: a start or an end in the register, or the storing of a document. Open ends are of no
-- day; of a partial date its first day counts. Null where there is neither.
WITH sent AS (
    SELECT oid, set_id, min(created_at) AS sent_at
    FROM frame
    WHERE NOT voiding AND created_at IS NOT NULL
    GROUP BY oid, set_id
),
sent_document AS (
    -- An inner join, and then the documents that it lacks: an outer one on this condition compares each with each.
    SELECT document.rowid AS document_no, sent.sent_at
    FROM document
    JOIN sent ON sent.oid = document.oid
    WHERE coalesce(sent.set_id = document.set_id, true)
),
spoken AS (
    SELECT start_lo AS day FROM register_episode
    UNION ALL
    SELECT end_lo FROM register_episode
    UNION ALL
    SELECT sent_at::DATE FROM sent_document
    UNION ALL
    SELECT coalesce(document.created_at, document.effective_at)::DATE
    FROM document
    ANTI JOIN sent_document ON sent_document.document_no = document.rowid
)
SELECT max(day) FROM spoken;
