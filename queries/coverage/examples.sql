-- For the commonest leading reasons of partial, missing and undetermined rows: one row each to look at, of those
-- for which the archive has some interval to draw. A partial row shows more than a missing one, so it is taken first.
-- Parameter: $most.
WITH told AS (
    SELECT ledger.source_id, ledger.class, ledger.reasons[1] AS reason
    FROM ledger_row AS ledger
    WHERE ledger.class IN ('partial', 'missing', 'undetermined')
      AND ledger.reasons[1] <> 'end-before-start'
),
drawable AS (
    SELECT told.*
    FROM told
    JOIN register_row USING (source_id)
    SEMI JOIN archived_interval AS interval
        ON  interval.person_no = register_row.person_no
        AND interval.task_no = register_row.task_no
),
counted AS (
    SELECT reason, count(*) AS rows
    FROM told
    GROUP BY reason
)
SELECT
    drawable.reason,
    arg_min(drawable.source_id, (drawable.class <> 'partial', drawable.source_id)) AS source_id,
    -- total: a source_id stands once
    arg_min(drawable.class, (drawable.class <> 'partial', drawable.source_id))     AS class,
    min(counted.rows)                                                              AS rows
FROM drawable
JOIN counted USING (reason)
GROUP BY drawable.reason
ORDER BY min(counted.rows) DESC, drawable.reason
-- total: a reason stands once
LIMIT $most;
