-- The register's rows, read: person, organiser, service task, and the days each can have.
CREATE OR REPLACE TEMP TABLE numbered_row AS
SELECT
    episode.rowid AS row_no,
    identity.person_no,
    identity.identity_no,
    organiser_of.organiser_no,
    organiser_of.in_scope,
    task_number.task_no,
    episode.layer,
    CASE
        WHEN episode.layer = 'child-protection' AND episode.service_task IS NULL THEN child_protection.service_task
        ELSE coalesce(written.service_task, episode.service_task)
    END AS service_task,
    -- What archived dates are compared with: the child-protection layer knows one task only.
    CASE
        WHEN episode.layer = 'child-protection' THEN child_protection.service_task
        ELSE written.service_task
    END AS match_task,
    written.service_task IS NOT NULL
        OR (episode.layer = 'child-protection' AND episode.service_task IS NULL) AS resolved,
    episode.start_lo,
    episode.start_hi,
    coalesce(episode.end_lo, run.open_end) AS end_lo,
    coalesce(episode.end_hi, run.open_end) AS end_hi
FROM register_episode AS episode
CROSS JOIN run
JOIN organiser_of ON organiser_of.oid = episode.organiser
LEFT JOIN known_identity AS identity USING (identity_key)
LEFT JOIN written_service_task AS written ON written.written = episode.service_task
LEFT JOIN service_task AS child_protection ON child_protection.key = 'child_protection'
LEFT JOIN task_number
    ON  task_number.layer = episode.layer
    AND task_number.service_task
        = CASE WHEN episode.layer = 'child-protection' THEN child_protection.service_task ELSE written.service_task END;

CREATE OR REPLACE TEMP VIEW register_row AS
SELECT
    numbered.*,
    episode.source_id,
    episode.identity_key,
    coalesce(person.person_key, episode.identity_key) AS person_key,
    organiser.organiser,
    episode.organiser AS organiser_oid,
    CASE WHEN restricted.person_no IS NULL THEN episode.unit END         AS unit,
    CASE WHEN restricted.person_no IS NULL THEN episode.producer END     AS producer,
    CASE WHEN restricted.person_no IS NULL THEN episode.municipality END AS municipality,
    episode.start_text,
    episode.end_text
FROM numbered_row AS numbered
JOIN register_episode AS episode ON episode.rowid = numbered.row_no
JOIN organiser USING (organiser_no)
LEFT JOIN person USING (person_no)
LEFT JOIN restricted_person AS restricted ON restricted.person_no = numbered.person_no;

-- The rows of the period. A row whose end is before its start belongs to it when the span between the two touches it.
CREATE OR REPLACE TEMP TABLE numbered_episode AS
SELECT
    row.row_no,
    row.person_no,
    row.identity_no,
    row.organiser_no,
    row.task_no,
    row.layer,
    row.start_lo,
    row.start_hi,
    row.end_lo,
    row.end_hi,
    row.end_hi < row.start_lo                                        AS reversed,
    -- A row starts no later than it ends: a partial date reaches no farther than the other one lets it.
    least(row.start_hi, row.end_hi) <= run.period_end
        AND greatest(row.end_lo, row.start_lo) >= run.period_start   AS certainly_of_period,
    greatest(row.start_lo, run.period_start)                                  AS widest_start,
    least(row.end_hi, run.period_end)                                         AS widest_end,
    greatest(row.start_hi, run.period_start)                                  AS narrowest_start,
    least(row.end_lo, run.period_end)                                         AS narrowest_end
FROM numbered_row AS row
CROSS JOIN run
WHERE least(row.start_lo, row.end_lo) <= run.period_end
  AND greatest(row.end_hi, CASE WHEN row.end_hi < row.start_lo THEN row.start_hi END)
      >= run.period_start
  AND (row.end_hi < row.start_lo OR row.start_lo <= run.period_end);

CREATE OR REPLACE TEMP VIEW episode AS
SELECT
    register_row.*,
    numbered.reversed,
    numbered.certainly_of_period,
    numbered.widest_start,
    numbered.widest_end,
    numbered.narrowest_start,
    numbered.narrowest_end
FROM numbered_episode AS numbered
JOIN register_row USING (row_no);

-- Rows whose class is settled before any document is looked at.
CREATE OR REPLACE TEMP TABLE numbered_settled AS
WITH task AS (
    SELECT service_task, bool_or(family_law) AS family_law, bool_or(NOT in_register AND NOT family_law) AS left_out
    FROM service_task
    GROUP BY service_task
),
judged AS (
    SELECT
        episode.row_no,
        coalesce(task.family_law AND row.resolved, false) AS of_family_law,
        NOT row.in_scope                                  AS of_others,
        coalesce(task.left_out AND row.resolved, false)   AS of_no_register,
        episode.reversed,
        NOT row.resolved                                  AS unknown_task
    FROM numbered_episode AS episode
    JOIN numbered_row AS row USING (row_no)
    LEFT JOIN task USING (service_task)
),
finding AS (
    SELECT
        *,
        of_family_law OR of_others OR of_no_register AS excluded
    FROM judged
    WHERE of_family_law OR of_others OR of_no_register OR reversed OR unknown_task
)
SELECT
    row_no,
    CASE WHEN excluded THEN 'excluded' ELSE 'undetermined' END AS class,
    list_filter(
        CASE
            WHEN excluded THEN [
                CASE WHEN of_family_law THEN 'excluded-family-law' END,
                CASE WHEN of_others THEN 'excluded-organiser' END,
                CASE WHEN of_no_register THEN 'excluded-task' END
            ]
            ELSE [
                CASE WHEN reversed THEN 'end-before-start' END,
                CASE WHEN unknown_task THEN 'unknown-service-task' END
            ]
        END,
        lambda reason: reason IS NOT NULL
    ) AS reasons
FROM finding;

CREATE OR REPLACE TEMP VIEW settled AS
SELECT numbered.*, register_row.source_id
FROM numbered_settled AS numbered
JOIN register_row USING (row_no);
