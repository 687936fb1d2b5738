-- Populations of rules on rows of the register: what a rule finds is a part of one, and its denominator the number of its
-- rows.

-- Open rows whose person the archive knows: persons of whom it has nothing are another rule's business. `last_day`: the
-- period's end, or the newest document's day where the material ends sooner.
CREATE OR REPLACE TEMP VIEW open_row_of_known AS
SELECT
    ledger.source_id,
    ledger.person_key,
    ledger.organiser,
    ledger.service_task,
    ledger.municipality,
    ledger.layer,
    episode.start_hi,
    least(run.period_end, reference_day.day) AS last_day
FROM ledger
JOIN episode USING (source_id)
SEMI JOIN person_archive ON person_archive.person_key = ledger.person_key
CROSS JOIN run
CROSS JOIN reference_day
WHERE ledger.class <> 'excluded' AND episode.end_text IS NULL;

-- Days on which rows begin, with their number, and that of all rows whose first day is known.
CREATE OR REPLACE TEMP VIEW row_begun AS
SELECT start_lo, count(*) AS rows, (sum(count(*)) OVER ())::BIGINT AS of_all
FROM episode
WHERE in_scope AND layer = 'service-task' AND start_lo = start_hi
GROUP BY start_lo;

-- Rows that ended in the period, by service task, and those of one day among them.
CREATE OR REPLACE TEMP VIEW ended_by_task AS
SELECT episode.match_task AS service_task, count(*) AS rows, count(*) FILTER (start_lo = end_hi) AS one_day
FROM episode
CROSS JOIN run
WHERE in_scope AND layer = 'service-task' AND match_task IS NOT NULL AND end_hi <= run.period_end
GROUP BY episode.match_task;

-- Persons with a row of the period, and one of their rows.
CREATE OR REPLACE TEMP VIEW person_of_row AS
SELECT person_key, min(source_id) AS source_id
FROM episode
WHERE in_scope
GROUP BY person_key;

-- Pairs of the identities file, and where they stand.
CREATE OR REPLACE TEMP TABLE identity_link AS
SELECT identity_key, same_as_key, max({file: file, row: row}) AS place
FROM register_identity
WHERE identity_key <> same_as_key
GROUP BY identity_key, same_as_key;

-- Rows that an earlier comparison saw open past its period's end.
CREATE OR REPLACE TEMP VIEW row_open_before AS
SELECT *
FROM previous_row
WHERE class <> 'excluded' AND coalesce(end_lo > period_end, true);
