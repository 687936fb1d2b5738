-- The newest run remembered of a period ($period_start, $period_end): its number and its ledger's fingerprint.
SELECT number, ledger
FROM remembered_run
WHERE period_start = $period_start AND period_end = $period_end
ORDER BY number DESC
-- total: a run has one number
LIMIT 1;
