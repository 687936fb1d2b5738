-- The register's rows, read: person, organiser, service task, and the days each can have.
CREATE OR REPLACE TEMP TABLE register_row AS
SELECT
    episode.rowid AS row_no,
    identity.person_no,
    identity.identity_no,
    organiser_of.organiser_no,
    task_number.task_no,
    episode.source_id,
    episode.identity_key,
    coalesce(identity.person_key, episode.identity_key) AS person_key,
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
    organiser_of.organiser,
    episode.organiser     AS organiser_oid,
    organiser_of.in_scope,
    CASE WHEN restricted_person.person_no IS NULL THEN episode.unit END         AS unit,
    CASE WHEN restricted_person.person_no IS NULL THEN episode.producer END     AS producer,
    CASE WHEN restricted_person.person_no IS NULL THEN episode.municipality END AS municipality,
    episode.start_text,
    episode.end_text,
    episode.start_lo,
    episode.start_hi,
    coalesce(episode.end_lo, run.open_end) AS end_lo,
    coalesce(episode.end_hi, run.open_end) AS end_hi
FROM register_episode AS episode
CROSS JOIN run
JOIN organiser_of ON organiser_of.oid = episode.organiser
LEFT JOIN known_identity AS identity USING (identity_key)
LEFT JOIN restricted_person USING (person_no)
LEFT JOIN written_service_task AS written ON written.written = episode.service_task
LEFT JOIN service_task AS child_protection ON child_protection.key = 'child_protection'
LEFT JOIN task_number
    ON  task_number.layer = episode.layer
    AND task_number.service_task
        = CASE WHEN episode.layer = 'child-protection' THEN child_protection.service_task ELSE written.service_task END;

-- The rows of the period. A row whose end is before its start belongs to it when the span between the two touches it.
CREATE OR REPLACE TEMP TABLE numbered_episode AS
SELECT
    register_row.row_no,
    register_row.person_no,
    register_row.identity_no,
    register_row.organiser_no,
    register_row.task_no,
    register_row.layer,
    register_row.start_lo,
    register_row.start_hi,
    register_row.end_lo,
    register_row.end_hi,
    register_row.end_hi < register_row.start_lo                                        AS reversed,
    -- A row starts no later than it ends: a partial date reaches no farther than the other one lets it.
    least(register_row.start_hi, register_row.end_hi) <= run.period_end
        AND greatest(register_row.end_lo, register_row.start_lo) >= run.period_start   AS certainly_of_period,
    greatest(register_row.start_lo, run.period_start)                                  AS widest_start,
    least(register_row.end_hi, run.period_end)                                         AS widest_end,
    greatest(register_row.start_hi, run.period_start)                                  AS narrowest_start,
    least(register_row.end_lo, run.period_end)                                         AS narrowest_end
FROM register_row
CROSS JOIN run
WHERE least(register_row.start_lo, register_row.end_lo) <= run.period_end
  AND greatest(register_row.end_hi, CASE WHEN register_row.end_hi < register_row.start_lo THEN register_row.start_hi END)
      >= run.period_start
  AND (register_row.end_hi < register_row.start_lo OR register_row.start_lo <= run.period_end);

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
CREATE OR REPLACE TEMP TABLE settled AS
WITH finding AS (
    SELECT episode.row_no, episode.source_id, 'excluded' AS class, 1 AS rank, 'excluded-family-law' AS reason
    FROM episode
    JOIN service_task USING (service_task)
    WHERE service_task.family_law AND episode.resolved
    UNION ALL
    SELECT row_no, source_id, 'excluded', 1, 'excluded-organiser'
    FROM episode
    WHERE NOT in_scope
    UNION ALL
    SELECT episode.row_no, episode.source_id, 'excluded', 1, 'excluded-task'
    FROM episode
    JOIN service_task USING (service_task)
    WHERE NOT service_task.in_register AND NOT service_task.family_law AND episode.resolved
    UNION ALL
    SELECT row_no, source_id, 'undetermined', 2, 'end-before-start'
    FROM episode
    WHERE reversed
    UNION ALL
    SELECT row_no, source_id, 'undetermined', 2, 'unknown-service-task'
    FROM episode
    WHERE NOT resolved
)
SELECT row_no, any_value(source_id) AS source_id, arg_min(class, rank) AS class,
       list(reason) FILTER (rank = least_rank) AS reasons
FROM (SELECT *, min(rank) OVER (PARTITION BY row_no) AS least_rank FROM finding)
GROUP BY row_no;
