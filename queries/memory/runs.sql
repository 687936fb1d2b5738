-- The runs remembered of a period ($period_start, $period_end), oldest first.
SELECT number, seen_at, rows, undetermined, archived, partial, missing
FROM remembered_run
WHERE period_start = $period_start AND period_end = $period_end
ORDER BY number;
