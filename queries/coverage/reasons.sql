-- How often each reason is told, by class.
WITH counted AS (
    SELECT classified.class, numbered_reason.rank, count(*) AS rows
    FROM numbered_reason
    JOIN classified USING (row_no)
    GROUP BY classified.class, numbered_reason.rank
)
SELECT counted.class, reason_order.reason, counted.rows
FROM counted
JOIN reason_order USING (rank)
ORDER BY rank, class;
