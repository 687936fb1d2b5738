-- What client-relationship documents say of dates, for every standing: one row per person, document and period.
-- Certain days are [certain_start, certain_end], possible days [possible_start, possible_end]; an open end is open_end.
CREATE OR REPLACE TEMP TABLE covering_period AS
WITH bounded AS (
    SELECT
        client_period.*,
        document.oid,
        document.organiser AS organiser_oid,
        coalesce(document.old_relationship, false) AS old_relationship,
        -- An open unit period ends with the relationship, if that has ended and not before the period began.
        client_period.end_lo IS NULL
            AND client_period.role <> 'child-protection'
            AND document.relationship_end_hi >= client_period.start_lo AS ends_with_relationship,
        document.relationship_end_text,
        document.relationship_end_lo,
        document.relationship_end_hi
    FROM client_period
    JOIN document USING (document_key)
    WHERE document.kind = 'client-relationship' AND client_period.start_lo IS NOT NULL
)
SELECT
    bounded.document_key,
    bounded.oid,
    bounded.organiser_oid,
    bounded.role,
    CASE WHEN bounded.role = 'child-protection' THEN 'child-protection' ELSE 'service-task' END AS layer,
    bounded.task_system,
    bounded.task_code,
    bounded.task_display,
    CASE WHEN restricted.document_key IS NULL THEN bounded.unit END AS unit,
    bounded.old_relationship,
    bounded.start_text,
    bounded.start_lo AS possible_start,
    bounded.start_hi AS certain_start,
    CASE WHEN ends_with_relationship THEN relationship_end_text ELSE end_text END AS end_text,
    coalesce(CASE WHEN ends_with_relationship THEN relationship_end_hi ELSE end_hi END, run.open_end) AS possible_end,
    coalesce(CASE WHEN ends_with_relationship THEN relationship_end_lo ELSE end_lo END, run.open_end) AS certain_end,
    bounded.pointer
FROM bounded
CROSS JOIN run
LEFT JOIN restricted_document AS restricted USING (document_key)
WHERE bounded.start_lo <= coalesce(CASE WHEN ends_with_relationship THEN relationship_end_hi ELSE end_hi END, run.open_end);

CREATE OR REPLACE TEMP TABLE archived_interval AS
SELECT
    document_about.person_key,
    document_about.leads,
    organiser_of.organiser,
    organiser_of.in_scope,
    period.layer,
    CASE
        WHEN period.layer = 'child-protection' THEN child_protection.service_task
        ELSE task.service_task
    END AS service_task,
    period.* EXCLUDE (layer, organiser_oid, task_system, task_code, task_display),
    document_standing.set_id,
    document_standing.standing,
    document_standing.current_at_last
FROM covering_period AS period
CROSS JOIN run
JOIN document_about USING (document_key)
JOIN document_standing USING (document_key)
JOIN organiser_of ON organiser_of.oid = period.organiser_oid
LEFT JOIN document_service_task AS task
    ON  task.task_system IS NOT DISTINCT FROM period.task_system
    AND task.task_code IS NOT DISTINCT FROM period.task_code
    AND task.task_display IS NOT DISTINCT FROM period.task_display
LEFT JOIN service_task AS child_protection ON child_protection.key = 'child_protection'
WHERE period.role IN ('unit', 'child-protection')
   OR (run.producer_periods_cover AND period.role IN ('producer', 'implementer'));

-- Archived episodes: overlapping or adjacent current intervals are one.
CREATE OR REPLACE TEMP TABLE archived_episode AS
WITH reached AS (
    SELECT
        *,
        max(possible_end) OVER (
            PARTITION BY person_key, organiser, layer, service_task
            ORDER BY possible_start, possible_end
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM archived_interval
    WHERE standing = 'current' AND service_task IS NOT NULL
),
numbered AS (
    SELECT
        *,
        sum(CASE WHEN possible_start <= reached + 1 THEN 0 ELSE 1 END) OVER (
            PARTITION BY person_key, organiser, layer, service_task
            ORDER BY possible_start, possible_end
            ROWS UNBOUNDED PRECEDING
        ) AS island
    FROM reached
)
SELECT
    person_key,
    organiser,
    bool_or(in_scope)                            AS in_scope,
    bool_or(leads)                               AS leads,
    layer,
    service_task,
    island,
    min(possible_start)                          AS possible_start,
    min(certain_start)                           AS certain_start,
    max(possible_end)                            AS possible_end,
    max(certain_end)                             AS certain_end,
    arg_min(start_text, (possible_start, certain_start)) AS start_text,
    arg_max(coalesce(end_text, ''), (possible_end, certain_end)) AS end_text,
    list_sort(list(DISTINCT oid))                AS documents
FROM numbered
GROUP BY person_key, organiser, layer, service_task, island;
