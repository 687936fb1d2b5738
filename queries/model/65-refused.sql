-- Rows of the county's lists that could not be read and may be of the period: they have no class, and stand beside the
-- classes in every verdict. A day that could not be read can be any day. Rows of the other kinds say how the lists are to be
-- read, and belong to every period.
CREATE OR REPLACE TEMP TABLE refused_row AS
SELECT refused.kind, refused.file, refused.row, refused.source_id
FROM register_refused AS refused
CROSS JOIN run
WHERE refused.row IS NOT NULL
  AND coalesce(refused.first_day <= run.period_end, true)
  AND coalesce(refused.last_day >= run.period_start, true);

-- Rows that nothing is known of, of whatever period: they have not left the register, they cannot be read.
CREATE OR REPLACE TEMP TABLE refused_id AS
SELECT DISTINCT kind, source_id
FROM register_refused
WHERE source_id IS NOT NULL AND kind IN ('episodes', 'services');
