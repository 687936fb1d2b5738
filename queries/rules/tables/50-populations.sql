-- Populations that single rules look at: what a rule finds is a part of one, and its denominator the number of its rows.

-- Documents of the period that frames name, once an OID, and whether the newest sending agrees with one of them.
CREATE OR REPLACE TEMP VIEW framed_document AS
WITH sending AS (
    -- A document is as its newest sending says: a wrong one that was mended by a later one is no fault any more.
    -- total: a frame names a document once
    SELECT oid, arg_max(frame_key, (created_at, frame_key)) AS frame_key
    FROM frame
    CROSS JOIN run
    WHERE NOT voiding AND coalesce(created_at::DATE <= run.as_of, true)
    GROUP BY oid
),
framed AS (
    SELECT
        document.oid,
        member.source || '/' || member.member AS file,
        frame.set_id = document.set_id
            AND frame.version = document.version
            -- What SP1 means for a case is not known.
            AND NOT (frame.request_code = 'SP1' AND document.kind NOT IN ('client-relationship', 'case'))
            AND NOT (frame.request_code = 'SP17' AND document.kind = 'client-relationship') AS agrees
    FROM sending
    JOIN frame USING (oid, frame_key)
    JOIN present_document AS document USING (oid)
    SEMI JOIN period_document USING (document_key)
    LEFT JOIN member USING (member_key)
)
-- Of several documents of one OID one that fits is enough.
SELECT oid, min(file) AS file, bool_or(coalesce(agrees, true)) AS agrees
FROM framed
GROUP BY oid;

-- Documents of the period in all their versions, beside the day on which the current one of their set was stored.
CREATE OR REPLACE TEMP VIEW ordered_version AS
WITH current_version AS (
    SELECT set_id, min(stored_on) AS current_stored_on FROM current_document GROUP BY set_id
)
-- Of older versions only the order matters: one that was stored after the newest stands in the wrong place.
SELECT document.*, current_version.current_stored_on
FROM present_document AS document
SEMI JOIN period_document USING (document_key)
LEFT JOIN current_version USING (set_id)
WHERE document.standing IN ('current', 'superseded');

-- How far register and archive go, each beside the other, and how much came in its last year.
CREATE OR REPLACE TEMP VIEW last_material AS
WITH begun AS (
    -- New rows tell how far the register goes: ends may be planned.
    SELECT start_lo AS day
    FROM register_row
    CROSS JOIN run
    WHERE in_scope AND start_lo <= run.period_end + 366
),
material AS (
    SELECT 'register' AS name, day FROM begun
    UNION ALL
    SELECT 'archive', stored_on FROM present_document
),
last_day AS (
    SELECT name, max(day) AS day FROM material GROUP BY name
)
SELECT
    last_day.name,
    last_day.day,
    other.day AS other,
    run.period_start,
    run.period_end,
    (SELECT count(*) FROM material WHERE material.name = last_day.name AND material.day > last_day.day - 365) AS year
FROM last_day
JOIN last_day AS other ON other.name <> last_day.name
CROSS JOIN run;

-- Child-protection rows of the period whose person's birth date is known, and what it says of them: they begin on or
-- after the 18th birthday, or go on after it.
CREATE OR REPLACE TEMP VIEW protection_of_known_age AS
SELECT episode.*, written.starts_of_age, written.goes_on_of_age
FROM episode
JOIN register_episode AS written USING (source_id)
WHERE episode.layer = 'child-protection' AND written.starts_of_age IS NOT NULL AND episode.in_scope;

-- Columns that a list may leave empty, with the rows of the period and those of them that leave it empty. Rows of
-- safety-restricted persons tell neither municipality nor unit here.
CREATE OR REPLACE TEMP VIEW column_filled AS
WITH written AS (
    SELECT register_episode.*
    FROM register_episode
    JOIN episode USING (source_id)
    ANTI JOIN restricted_person ON restricted_person.person_key = episode.person_key
    WHERE episode.in_scope
)
SELECT 'municipality' AS name, count(*) AS rows, count(*) FILTER (municipality IS NULL) AS empty FROM written
UNION ALL
SELECT 'birth_date', count(*), count(*) FILTER (NOT birth_date_known) FROM written
UNION ALL
SELECT 'unit', count(*), count(*) FILTER (unit IS NULL) FROM written
UNION ALL
SELECT 'service_task', count(*), count(*) FILTER (service_task IS NULL) FROM written WHERE layer = 'service-task';

-- Units and producers that rows of the period name, with the number of rows; not those of safety-restricted persons.
CREATE OR REPLACE TEMP VIEW unit_of_rows AS
WITH named AS (
    SELECT unit FROM episode WHERE in_scope
    UNION ALL
    SELECT producer FROM episode WHERE in_scope
)
SELECT unit, count(*) AS rows
FROM named
WHERE unit IS NOT NULL
GROUP BY unit;

-- Those of them whose first or last day the units file tells, with the rows that name them for other days: whatever days
-- partial dates mean. What has a successor by the settings is its successor.
CREATE OR REPLACE TEMP VIEW dated_unit_of_rows AS
WITH named AS (
    SELECT unit, end_lo, end_hi FROM episode WHERE in_scope AND NOT reversed
    UNION ALL
    SELECT producer, end_lo, end_hi FROM episode WHERE in_scope AND NOT reversed
)
SELECT
    named.unit,
    count(*) AS rows,
    count(*) FILTER (
        coalesce(least(named.end_lo, run.period_end) > known.valid_to, false)
        OR coalesce(named.end_hi < known.valid_from, false)
    ) AS astray
FROM named
JOIN register_unit AS known ON known.oid = named.unit
CROSS JOIN run
ANTI JOIN succession ON succession.kind = 'units' AND succession.old = named.unit
WHERE known.valid_from IS NOT NULL OR known.valid_to IS NOT NULL
GROUP BY named.unit;

-- Archived and partial rows that name a unit, and whether it is one of those that the archive names for their days of the
-- period. An old unit is the one that came after it.
CREATE OR REPLACE TEMP VIEW unit_beside AS
SELECT
    row.source_id,
    row.person_key,
    row.service_task,
    row.municipality,
    min(interval.oid)                                          AS document,
    bool_or(coalesce(theirs.new, interval.unit) = coalesce(ours.new, row.unit)) AS same
FROM episode AS row
JOIN ledger USING (source_id)
CROSS JOIN run
JOIN archived_interval AS interval
    ON  interval.person_key = row.person_key
    AND interval.organiser = row.organiser
    AND interval.layer = row.layer
    AND interval.service_task = row.match_task
    AND interval.possible_start <= least(row.end_hi, run.period_end)
    AND interval.possible_end >= greatest(row.start_lo, run.period_start)
LEFT JOIN succession AS ours ON ours.kind = 'units' AND ours.old = row.unit
LEFT JOIN succession AS theirs ON theirs.kind = 'units' AND theirs.old = interval.unit
WHERE ledger.class IN ('archived', 'partial')
  AND interval.standing = 'current'
  AND row.unit IS NOT NULL
  AND interval.unit IS NOT NULL
GROUP BY row.source_id, row.person_key, row.service_task, row.municipality;

-- Rows of the period before and of this one: all of them, by service task, and by unit; and how many were to be expected, had
-- they changed as the rest of the register did. The period before is as the program remembers it, else as its dates tell.
CREATE OR REPLACE TEMP VIEW rows_compared AS
WITH before AS (
    SELECT person_key, service_task, unit
    FROM previous_row
    WHERE class <> 'excluded' AND layer = 'service-task'
    UNION ALL
    SELECT row.person_key, row.match_task, row.unit
    FROM register_row AS row
    CROSS JOIN run
    WHERE NOT EXISTS (FROM previous_row)
      AND row.in_scope
      AND row.layer = 'service-task'
      AND row.start_lo < run.period_start
      AND row.end_hi >= run.period_start - (run.period_end - run.period_start + 1)::INTEGER
      AND row.start_lo <= row.end_hi
),
both_periods AS (
    SELECT 'before' AS since, person_key, service_task, unit FROM before
    UNION ALL
    SELECT 'now', person_key, match_task, unit FROM episode WHERE in_scope AND layer = 'service-task' AND NOT reversed
),
told AS (
    SELECT both_periods.* EXCLUDE (person_key)
    FROM both_periods
    ANTI JOIN restricted_person USING (person_key)
    ANTI JOIN task_outside USING (service_task)
),
part AS (
    SELECT since, 'all' AS of_what, 'rows' AS part FROM told
    UNION ALL
    SELECT since, 'service_task', service_task FROM told WHERE service_task IS NOT NULL
    UNION ALL
    SELECT told.since, 'unit', coalesce(after.new, told.unit)
    FROM told
    LEFT JOIN succession AS after ON after.kind = 'units' AND after.old = told.unit
    WHERE told.unit IS NOT NULL
),
counted AS (
    SELECT of_what, part, count(*) FILTER (since = 'before') AS before, count(*) FILTER (since = 'now') AS now
    FROM part
    GROUP BY of_what, part
),
whole AS (
    SELECT before, now FROM counted WHERE of_what = 'all'
)
SELECT
    counted.of_what,
    counted.part,
    counted.before,
    counted.now,
    CASE of_what
        WHEN 'all' THEN counted.before
        ELSE counted.before * (whole.now - counted.now) / (whole.before - counted.before)
    END AS expected
FROM counted
CROSS JOIN whole
-- A part that is more than half of the register has no rest to be compared with.
WHERE counted.of_what = 'all' OR (counted.before > 0 AND whole.before >= 2 * counted.before);
