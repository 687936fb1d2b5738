-- The newest run remembered of a period ($period_start, $period_end): its number and its ledger's fingerprint. What was seen under a
-- load that was taken back is another state than the same seen again: it has no fingerprint.
SELECT run.number, CASE WHEN load.undone_at IS NULL THEN run.ledger END AS ledger
FROM remembered_run AS run
LEFT JOIN register_load AS load ON load.number = run.load
WHERE run.period_start = $period_start AND run.period_end = $period_end
ORDER BY run.number DESC
-- total: a run has one number
LIMIT 1;
