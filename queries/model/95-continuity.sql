-- Continuity: this period's register against what was remembered of the period right before it. The register itself
-- keeps only its newest rows, so without a remembered run nothing is told (`previous_run` is empty).

-- The run of the previous period that this one is judged against: the state that was told last, by a delivery that was sent or
-- by closing the period; else the last that was seen under the load of episodes before the newest; else the newest. Which of
-- them was asked for when plays no part. States seen under a load that was taken back were never so.
CREATE OR REPLACE TEMP TABLE previous_run AS
WITH told AS (
    SELECT run AS number FROM delivery WHERE sent_at IS NOT NULL AND run IS NOT NULL
    UNION
    SELECT run FROM period_closing WHERE run IS NOT NULL
),
newest_load AS (
    SELECT coalesce(max(number), 0) AS number
    FROM register_load
    WHERE kind = 'episodes' AND undone_at IS NULL
)
SELECT remembered_run.number, remembered_run.period, remembered_run.period_start, remembered_run.period_end
FROM remembered_run
CROSS JOIN run
CROSS JOIN newest_load
LEFT JOIN told ON told.number = remembered_run.number
LEFT JOIN register_load AS load ON load.number = remembered_run.load
WHERE remembered_run.period_end = run.period_start - 1 AND load.undone_at IS NULL
ORDER BY
    told.number IS NOT NULL DESC,
    coalesce(remembered_run.load, 0) < newest_load.number DESC,
    remembered_run.number DESC
-- total: a run has one number
LIMIT 1;

-- Its rows, with today's person_key. An open row has no end_lo and end_hi.
CREATE OR REPLACE TEMP TABLE previous_row AS
WITH numbered_anew AS (
    -- What the settings say of a row that the register calls otherwise now.
    SELECT old, new
    FROM succession
    WHERE kind = 'ids' AND old NOT IN (SELECT source_id FROM register_episode WHERE source_id IS NOT NULL)
)
SELECT
    remembered_row.* EXCLUDE (since_run, until_run)
        REPLACE (coalesce(numbered_anew.new, remembered_row.source_id) AS source_id),
    identity.person_no,
    coalesce(person_link.person_key, remembered_row.identity_key) AS person_key
FROM remembered_row
JOIN previous_run
    ON  previous_run.period_start = remembered_row.period_start
    AND previous_run.period_end = remembered_row.period_end
    AND remembered_row.since_run <= previous_run.number
    AND coalesce(remembered_row.until_run > previous_run.number, true)
LEFT JOIN known_identity AS identity USING (identity_key)
LEFT JOIN person_link USING (identity_key)
LEFT JOIN numbered_anew ON numbered_anew.old = remembered_row.source_id;

-- Child-protection episodes without an episode of the service task child protection beside them.
CREATE OR REPLACE TEMP TABLE numbered_protection_alone AS
WITH of_child_protection AS (
    SELECT episode.person_no, episode.organiser_no, episode.start_lo, episode.end_hi
    FROM numbered_episode AS episode
    JOIN numbered_row AS row USING (row_no)
    JOIN service_task ON service_task.service_task = row.match_task AND service_task.key = 'child_protection'
    WHERE episode.layer = 'service-task' AND row.in_scope AND NOT episode.reversed
),
longest AS (
    -- Of rows that start on one day the longest stands for all.
    SELECT person_no, organiser_no, start_lo, max(end_hi) AS end_hi
    FROM of_child_protection
    GROUP BY person_no, organiser_no, start_lo
),
reached AS (
    SELECT
        longest.*,
        max(end_hi) OVER (  -- total: one row a start
            PARTITION BY person_no, organiser_no
            ORDER BY start_lo
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM longest
),
island AS (
    SELECT
        reached.*,
        sum(CASE WHEN start_lo <= reached + 1 THEN 0 ELSE 1 END) OVER (  -- total: one row a start
            PARTITION BY person_no, organiser_no
            ORDER BY start_lo
            ROWS UNBOUNDED PRECEDING
        ) AS island
    FROM reached
),
reach AS (
    -- Rows of the task that go on from one another reach over days together.
    SELECT person_no, organiser_no, min(start_lo) AS start_lo, max(end_hi) AS end_hi
    FROM island
    GROUP BY person_no, organiser_no, island
)
SELECT protected.row_no
FROM numbered_episode AS protected
ANTI JOIN reach AS beside
    ON  beside.person_no = protected.person_no
    AND beside.organiser_no = protected.organiser_no
    AND beside.start_lo <= protected.narrowest_start
    AND beside.end_hi >= protected.narrowest_end
WHERE protected.layer = 'child-protection' AND NOT protected.reversed;

-- What breaks between the two periods, one row each:
-- gone              open when the previous period ended; no row of the person, organiser, layer and task that had begun by
--                   then is left in this period
-- ended-earlier     open when the previous period ended; the register now ends it before this period, whether or not another row
--                   goes on from it: what was told of this one is no longer so
-- start-changed     the same row of the same person, layer and task had another start in the previous period
-- protection-alone  a child-protection episode with days that no row of the service task child protection reaches over
-- A source_id that names another person now is another row: extracts are numbered anew.
CREATE OR REPLACE TEMP TABLE continuity AS
WITH open_before AS (
    SELECT previous_row.*, organiser_of.organiser_no
    FROM previous_row
    LEFT JOIN organiser_of ON organiser_of.oid = previous_row.organiser
    WHERE class <> 'excluded' AND coalesce(end_lo > period_end, true)
),
now_in_task AS (
    SELECT row.person_no, row.organiser_no, row.layer, row.service_task, episode.start_lo
    FROM numbered_episode AS episode
    JOIN numbered_row AS row USING (row_no)
),
now_present AS (
    SELECT register_episode.source_id, episode.person_no
    FROM numbered_episode AS episode
    JOIN register_episode ON register_episode.rowid = episode.row_no
),
left_off AS (
    SELECT open_before.*
    FROM open_before
    ANTI JOIN now_in_task AS now
        ON  now.person_no = open_before.person_no
        AND now.organiser_no = open_before.organiser_no
        AND now.start_lo <= open_before.period_end
        AND now.layer = open_before.layer
        AND now.service_task IS NOT DISTINCT FROM open_before.service_task
    ANTI JOIN now_present USING (source_id, person_no)
    -- A row that cannot be read has not vanished.
    ANTI JOIN (SELECT source_id FROM refused_id WHERE kind = 'episodes') AS unread USING (source_id)
),
now_row AS (
    -- Of any period: a row that has left this one is still there with its new dates.
    SELECT register_row.source_id, register_row.person_key, register_row.organiser_no, register_row.person_no,
           register_row.layer, register_row.service_task, register_row.start_text, register_row.end_text,
           register_row.start_lo, register_row.start_hi, register_row.end_hi
    FROM previous_row
    JOIN register_row USING (source_id, person_key)
),
ended AS (
    SELECT before.source_id, before.person_key
    FROM open_before AS before
    JOIN now_row AS now USING (source_id, person_key)
    CROSS JOIN run
    WHERE now.end_hi < run.period_start
)
SELECT
    'gone' AS finding,
    before.source_id,
    before.person_key,
    before.layer,
    before.service_task,
    before.organiser,
    before.unit,
    before.municipality,
    before.start_text AS before_start,
    before.end_text   AS before_end,
    NULL::VARCHAR     AS now_start,
    NULL::VARCHAR     AS now_end
FROM left_off AS before
ANTI JOIN now_row USING (source_id, person_key)
UNION ALL
SELECT
    'ended-earlier', before.source_id, before.person_key, before.layer, before.service_task, before.organiser,
    before.unit, before.municipality, before.start_text, before.end_text, now.start_text, now.end_text
FROM open_before AS before
SEMI JOIN ended USING (source_id, person_key)
JOIN now_row AS now USING (source_id, person_key)
UNION ALL
SELECT
    'start-changed', before.source_id, before.person_key, before.layer, before.service_task, before.organiser,
    before.unit, before.municipality, before.start_text, before.end_text, now.start_text, now.end_text
FROM previous_row AS before
JOIN now_row AS now USING (source_id, person_key)
WHERE before.class <> 'excluded'
  AND now.layer = before.layer
  AND now.service_task IS NOT DISTINCT FROM before.service_task
  AND (now.start_lo > before.start_hi OR now.start_hi < before.start_lo)
UNION ALL
SELECT
    'protection-alone', protected.source_id, protected.person_key, protected.layer, protected.service_task,
    protected.organiser_oid, protected.unit, protected.municipality, NULL, NULL, protected.start_text, protected.end_text
FROM numbered_protection_alone
JOIN register_row AS protected USING (row_no)
WHERE protected.in_scope;
