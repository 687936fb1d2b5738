-- The archive as it stood on the last day before the period: archived episodes of the versions that were the newest then.
CREATE OR REPLACE TEMP TABLE earlier_episode AS
WITH stored_before AS (
    SELECT document_no, set_id, version, has_versions
    FROM numbered_document
    CROSS JOIN run
    WHERE stored_on < run.period_start AND standing NOT IN ('after-as-of', 'refused', 'not-acknowledged')
),
newest_before AS (
    -- Most sets have one version, which is the newest.
    SELECT set_id, max(version) AS version
    FROM stored_before
    WHERE has_versions
    GROUP BY set_id
),
voided_before AS (
    SELECT document.document_no
    FROM numbered_document AS document
    JOIN frame ON frame.oid = document.oid
    CROSS JOIN run
    WHERE frame.voiding AND frame.created_at::DATE < run.period_start
),
standing_before AS (
    SELECT stored_before.document_no
    FROM stored_before
    LEFT JOIN newest_before USING (set_id)
    ANTI JOIN voided_before USING (document_no)
    WHERE NOT stored_before.has_versions OR stored_before.version = newest_before.version
),
standing AS (
    SELECT *
    FROM numbered_interval
    SEMI JOIN standing_before USING (document_no)
    WHERE task_no IS NOT NULL
),
alone AS (
    -- Most persons have one interval with an organiser, in a layer and service task: it is the episode.
    SELECT person_no, organiser_no, task_no
    FROM standing
    GROUP BY person_no, organiser_no, task_no
    HAVING count(*) = 1
),
together AS (
    SELECT person_no, organiser_no, task_no, leads, in_scope, possible_start, certain_start, possible_end, period_no
    FROM standing
    SEMI JOIN alone USING (person_no, organiser_no, task_no)
    UNION ALL
    SELECT
        person_no,
        organiser_no,
        task_no,
        bool_or(leads),
        bool_or(in_scope),
        min(possible_start),
        min(certain_start),
        max(possible_end),
        -- total: a place in a document is one period
        arg_min(
            period_no,
            (possible_start, document_standing.oid, document_standing.document_key, period.pointer, period.role)
        )
    FROM standing
    ANTI JOIN alone USING (person_no, organiser_no, task_no)
    JOIN document_standing USING (document_no)
    JOIN client_period AS period ON period.rowid = standing.period_no
    GROUP BY person_no, organiser_no, task_no
)
SELECT
    person.person_key,
    organiser.organiser,
    task_number.layer,
    task_number.service_task,
    together.leads,
    together.in_scope,
    together.possible_start,
    together.certain_start,
    together.possible_end,
    period.oid     AS document,
    period.pointer AS place
FROM together
JOIN covering_period AS period USING (period_no)
JOIN person USING (person_no)
JOIN organiser USING (organiser_no)
JOIN task_number USING (task_no);

-- Persons in a task or layer now: the same four keys, from current documents.
CREATE OR REPLACE TEMP TABLE present_episode AS
WITH together AS (
    SELECT person_no, organiser_no, task_no, possible_start, certain_start, possible_end, document_no,
           NULL::VARCHAR AS document
    FROM numbered_archived_episode
    ANTI JOIN numbered_several USING (person_no, organiser_no, task_no)
    UNION ALL
    SELECT person_no, organiser_no, task_no, min(possible_start), min(certain_start), max(possible_end),
           min(document_no), min(documents[1])
    FROM numbered_archived_episode
    SEMI JOIN numbered_several USING (person_no, organiser_no, task_no)
    GROUP BY person_no, organiser_no, task_no
)
SELECT
    person.person_key,
    organiser.organiser,
    task_number.layer,
    task_number.service_task,
    together.possible_start,
    together.certain_start,
    together.possible_end,
    coalesce(together.document, document.oid) AS document
FROM together
JOIN person USING (person_no)
JOIN organiser USING (organiser_no)
JOIN task_number USING (task_no)
JOIN numbered_document AS document USING (document_no);

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
