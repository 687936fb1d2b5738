-- The newest day that the data speak of: a start or an end in the register, or the storing of a document. Open ends are of no
-- day; of a partial date its first day counts. Null where there is neither.
WITH sent AS (
    SELECT oid, set_id, min(created_at) AS sent_at
    FROM frame
    WHERE NOT voiding AND created_at IS NOT NULL
    GROUP BY oid, set_id
),
spoken AS (
    SELECT start_lo AS day FROM register_episode
    UNION ALL
    SELECT end_lo FROM register_episode
    UNION ALL
    SELECT coalesce(sent.sent_at, document.created_at, document.effective_at)::DATE
    FROM document
    LEFT JOIN sent ON sent.oid = document.oid AND coalesce(sent.set_id = document.set_id, true)
)
SELECT max(day) FROM spoken;
