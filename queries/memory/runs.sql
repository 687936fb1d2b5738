-- The runs remembered of a period ($period_start, $period_end), oldest first. What was seen under a load that was taken back was
-- never so.
SELECT run.number, run.seen_at, run.rows, run.undetermined, run.archived, run.partial, run.missing
FROM remembered_run AS run
LEFT JOIN register_load AS load ON load.number = run.load
WHERE run.period_start = $period_start AND run.period_end = $period_end AND load.undone_at IS NULL
ORDER BY run.number;
