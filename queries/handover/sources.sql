-- Where documents were read from: how many of them came from each source, and on which day the newest of them was stored. A
-- document that stands in several sources counts in each; what was read stays when its file is gone.
WITH sent AS (
    SELECT oid, set_id, min(created_at) AS sent_at
    FROM frame
    WHERE NOT voiding AND created_at IS NOT NULL
    GROUP BY oid, set_id
),
stored AS (
    SELECT
        document.document_key,
        max(coalesce(sent.sent_at, document.created_at, document.effective_at))::DATE AS day
    FROM document
    LEFT JOIN sent ON sent.oid = document.oid AND coalesce(sent.set_id = document.set_id, true)
    GROUP BY document.document_key
)
SELECT
    member.source,
    count(DISTINCT stored.document_key)   AS documents,
    max(stored.day)                       AS newest
FROM member
JOIN stored ON stored.document_key = member.content_hash
WHERE member.outcome = 'document'
GROUP BY member.source
ORDER BY newest DESC NULLS LAST, member.source;
