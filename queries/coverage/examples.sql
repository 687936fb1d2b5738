-- For the commonest leading reasons of partial, missing and undetermined rows: one row each to look at.
-- A partial row shows more than a missing one, so it is taken first. Parameter: $most.
WITH leading AS (
    SELECT source_id, class, reasons[1] AS reason
    FROM ledger
    WHERE class IN ('partial', 'missing', 'undetermined') AND len(reasons) > 0
)
SELECT
    reason,
    arg_min(source_id, (class <> 'partial', source_id)) AS source_id,
    arg_min(class, (class <> 'partial', source_id))     AS class,
    count(*)                                            AS rows
FROM leading
GROUP BY reason
ORDER BY rows DESC, reason
LIMIT $most;
