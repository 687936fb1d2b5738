-- Continuity: this period's register against what was remembered of the period right before it. The register itself
-- keeps only its newest rows, so without a remembered run nothing is told (`previous_run` is empty).

-- The run of the previous period that this one is judged against: the last one seen before this period was first looked
-- at, else the newest.
CREATE OR REPLACE TEMP TABLE previous_run AS
WITH begun AS (
    SELECT coalesce(min(remembered_run.number), 2147483647) AS first_run
    FROM remembered_run
    JOIN run USING (period_start, period_end)
)
SELECT remembered_run.number, remembered_run.period, remembered_run.period_start, remembered_run.period_end
FROM remembered_run
CROSS JOIN run
CROSS JOIN begun
WHERE remembered_run.period_end = run.period_start - 1
ORDER BY remembered_run.number < begun.first_run DESC, remembered_run.number DESC
-- total: a run has one number
LIMIT 1;

-- Its rows, with today's person_key. An open row has no end_lo and end_hi.
CREATE OR REPLACE TEMP TABLE previous_row AS
SELECT
    remembered_row.* EXCLUDE (since_run, until_run),
    identity.person_no,
    coalesce(person_link.person_key, remembered_row.identity_key) AS person_key
FROM remembered_row
JOIN previous_run
    ON  previous_run.period_start = remembered_row.period_start
    AND previous_run.period_end = remembered_row.period_end
    AND remembered_row.since_run <= previous_run.number
    AND coalesce(remembered_row.until_run > previous_run.number, true)
LEFT JOIN known_identity AS identity USING (identity_key)
LEFT JOIN person_link USING (identity_key);

-- Child-protection episodes without an episode of the service task child protection beside them.
CREATE OR REPLACE TEMP TABLE numbered_protection_alone AS
WITH of_child_protection AS (
    SELECT episode.person_no, episode.organiser_no, episode.start_lo, episode.end_hi
    FROM numbered_episode AS episode
    JOIN numbered_row AS row USING (row_no)
    JOIN service_task ON service_task.service_task = row.match_task AND service_task.key = 'child_protection'
    WHERE episode.layer = 'service-task' AND row.in_scope
)
SELECT protected.row_no
FROM numbered_episode AS protected
ANTI JOIN of_child_protection AS beside
    ON  beside.person_no = protected.person_no
    AND beside.organiser_no = protected.organiser_no
    AND beside.start_lo <= protected.end_hi
    AND beside.end_hi >= protected.start_lo
WHERE protected.layer = 'child-protection' AND NOT protected.reversed;

-- What breaks between the two periods, one row each:
-- gone              open when the previous period ended; no row of the person, layer and task is left in this period
-- ended-earlier     open when the previous period ended; the register now ends it before this period
-- start-changed     the same row had another start in the previous period
-- protection-alone  a child-protection episode without an episode of the service task child protection beside it
CREATE OR REPLACE TEMP TABLE continuity AS
WITH open_before AS (
    SELECT previous_row.*
    FROM previous_row
    WHERE class <> 'excluded' AND coalesce(end_lo > period_end, true)
),
now_in_task AS (
    SELECT row.person_no, row.layer, row.service_task
    FROM numbered_episode AS episode
    JOIN numbered_row AS row USING (row_no)
),
now_present AS (
    SELECT register_episode.source_id
    FROM numbered_episode AS episode
    JOIN register_episode ON register_episode.rowid = episode.row_no
),
left_off AS (
    SELECT open_before.*
    FROM open_before
    ANTI JOIN now_in_task AS now
        ON  now.person_no = open_before.person_no
        AND now.layer = open_before.layer
        AND now.service_task IS NOT DISTINCT FROM open_before.service_task
    ANTI JOIN now_present USING (source_id)
    -- A row that cannot be read has not vanished.
    ANTI JOIN (SELECT source_id FROM refused_id WHERE kind = 'episodes') AS unread USING (source_id)
),
now_row AS (
    -- Of any period: a row that has left this one is still there with its new dates.
    SELECT register_row.source_id, register_row.start_text, register_row.end_text,
           register_row.start_lo, register_row.start_hi, register_row.end_hi
    FROM previous_row
    JOIN register_row USING (source_id)
)
SELECT
    CASE WHEN now.source_id IS NULL THEN 'gone' ELSE 'ended-earlier' END AS finding,
    before.source_id,
    before.person_key,
    before.layer,
    before.service_task,
    before.organiser,
    before.unit,
    before.municipality,
    before.start_text AS before_start,
    before.end_text   AS before_end,
    now.start_text    AS now_start,
    now.end_text      AS now_end
FROM left_off AS before
CROSS JOIN run
LEFT JOIN now_row AS now USING (source_id)
WHERE now.source_id IS NULL OR now.end_hi < run.period_start
UNION ALL
SELECT
    'start-changed', before.source_id, before.person_key, before.layer, before.service_task, before.organiser,
    before.unit, before.municipality, before.start_text, before.end_text, now.start_text, now.end_text
FROM previous_row AS before
JOIN now_row AS now USING (source_id)
WHERE before.class <> 'excluded' AND (now.start_lo > before.start_hi OR now.start_hi < before.start_lo)
UNION ALL
SELECT
    'protection-alone', protected.source_id, protected.person_key, protected.layer, protected.service_task,
    protected.organiser_oid, protected.unit, protected.municipality, NULL, NULL, protected.start_text, protected.end_text
FROM numbered_protection_alone
JOIN register_row AS protected USING (row_no)
WHERE protected.in_scope;
