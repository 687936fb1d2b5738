-- Rows that stand in the run remembered last of the period ($period_start, $period_end), and not in the ledger any more.
SELECT standing.source_id
FROM remembered_row AS standing
ANTI JOIN ledger_row USING (source_id)
WHERE standing.period_start = $period_start AND standing.period_end = $period_end AND standing.until_run IS NULL;
