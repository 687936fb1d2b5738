-- Rows of the run $number, of the period $period_start to $period_end, against those of the run before: what is the same
-- stays, what is new or changed (`batch_changed`) is added, what is changed or gone (`batch_gone`) ends.
UPDATE remembered_row
SET until_run = $number
WHERE period_start = $period_start AND period_end = $period_end AND until_run IS NULL
  AND source_id IN (SELECT source_id FROM batch_changed UNION ALL SELECT source_id FROM batch_gone);

INSERT INTO remembered_row BY NAME
SELECT $period_start AS period_start, $period_end AS period_end, $number AS since_run, batch_changed.*
FROM batch_changed;
