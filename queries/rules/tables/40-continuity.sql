-- The archive as it stood on the last day before the period: archived episodes of the versions that were the newest then.
CREATE OR REPLACE TEMP TABLE earlier_episode AS
WITH stored_before AS (
    SELECT document_standing.document_key, document_standing.set_id, document.version, document.body
    FROM document_standing
    JOIN document USING (document_key)
    CROSS JOIN run
    WHERE document_standing.stored_on < run.period_start AND document_standing.standing <> 'after-as-of'
),
newest_before AS (
    SELECT set_id, max(version) AS version
    FROM stored_before
    GROUP BY set_id
),
voided_before AS (
    SELECT document.document_key
    FROM document
    JOIN frame ON frame.oid = document.oid
    CROSS JOIN run
    WHERE frame.voiding AND frame.created_at::DATE < run.period_start
),
standing_before AS (
    SELECT stored_before.document_key
    FROM stored_before
    SEMI JOIN newest_before USING (set_id, version)
    ANTI JOIN voided_before USING (document_key)
)
SELECT
    interval.person_key,
    interval.organiser,
    interval.layer,
    interval.service_task,
    bool_or(interval.leads)                                                        AS leads,
    bool_or(interval.in_scope)                                                     AS in_scope,
    min(interval.possible_start)                                                   AS possible_start,
    min(interval.certain_start)                                                    AS certain_start,
    max(interval.possible_end)                                                     AS possible_end,
    arg_min(interval.oid, (interval.possible_start, interval.oid))                 AS document,
    arg_min(interval.pointer, (interval.possible_start, interval.oid))             AS place
FROM archived_interval AS interval
SEMI JOIN standing_before USING (document_key)
WHERE interval.service_task IS NOT NULL
GROUP BY interval.person_key, interval.organiser, interval.layer, interval.service_task;

-- Persons in a task or layer now: the same four keys, from current documents.
CREATE OR REPLACE TEMP TABLE present_episode AS
SELECT
    person_key,
    organiser,
    layer,
    service_task,
    min(possible_start) AS possible_start,
    min(certain_start)  AS certain_start,
    max(possible_end)   AS possible_end,
    min(documents[1])   AS document
FROM archived_episode
GROUP BY person_key, organiser, layer, service_task;

-- Documents stored in each month by unit and kind, from twelve months before the period to its end.
CREATE OR REPLACE TEMP TABLE unit_month AS
SELECT
    document.unit,
    document.kind,
    date_trunc('month', document_standing.stored_on)::DATE AS month,
    count(*)                                               AS documents
FROM document_standing
JOIN document USING (document_key)
CROSS JOIN run
WHERE document_standing.standing <> 'after-as-of'
  AND document_standing.stored_on >= date_trunc('month', run.period_start) - INTERVAL 12 MONTH
  AND document_standing.stored_on <= run.period_end
GROUP BY ALL;
