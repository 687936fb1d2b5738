-- Rows of the run $number, of the period $period_start to $period_end, against those of the run before: what is the same
-- stays, what is new or changed is added, what is gone or changed ends. `batch_seen` holds the rows seen now.
CREATE OR REPLACE TEMP TABLE standing_row AS
SELECT source_id, identity_key, layer, service_task, organiser, unit, municipality,
       start_text, start_lo, start_hi, end_text, end_lo, end_hi, class
FROM remembered_row
WHERE period_start = $period_start AND period_end = $period_end AND until_run IS NULL;

CREATE OR REPLACE TEMP TABLE changed_row AS
SELECT * FROM batch_seen
EXCEPT
SELECT * FROM standing_row;

CREATE OR REPLACE TEMP TABLE ended_row AS
SELECT source_id
FROM (SELECT * FROM standing_row EXCEPT SELECT * FROM batch_seen);

UPDATE remembered_row
SET until_run = $number
WHERE period_start = $period_start AND period_end = $period_end AND until_run IS NULL
  AND source_id IN (SELECT source_id FROM ended_row);

INSERT INTO remembered_row BY NAME
SELECT $period_start AS period_start, $period_end AS period_end, $number AS since_run, changed_row.*
FROM changed_row
ORDER BY source_id;
