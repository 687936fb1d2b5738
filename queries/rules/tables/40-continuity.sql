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
    JOIN numbered_voiding AS voiding USING (oid)
    CROSS JOIN run
    WHERE voiding.voided_on < run.period_start
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
longest AS (
    -- Of intervals that start on one day the longest stands for all.
    SELECT person_no, organiser_no, task_no, possible_start, max(possible_end) AS possible_end
    FROM standing
    ANTI JOIN alone USING (person_no, organiser_no, task_no)
    GROUP BY person_no, organiser_no, task_no, possible_start
),
reached AS (
    SELECT
        longest.*,
        max(possible_end) OVER (  -- total: one row a start
            PARTITION BY person_no, organiser_no, task_no
            ORDER BY possible_start
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM longest
),
island AS (
    SELECT
        reached.*,
        sum(CASE WHEN possible_start <= reached + 1 THEN 0 ELSE 1 END) OVER (  -- total: one row a start
            PARTITION BY person_no, organiser_no, task_no
            ORDER BY possible_start
            ROWS UNBOUNDED PRECEDING
        ) AS island
    FROM reached
),
together AS (
    SELECT person_no, organiser_no, task_no, leads, in_scope, possible_start, certain_start, possible_end, period_no
    FROM standing
    SEMI JOIN alone USING (person_no, organiser_no, task_no)
    UNION ALL
    -- Overlapping and adjacent intervals are one episode; others stay apart.
    SELECT
        person_no,
        organiser_no,
        task_no,
        bool_or(leads),
        bool_or(in_scope),
        min(standing.possible_start),
        min(standing.certain_start),
        max(standing.possible_end),
        -- total: a place in a document is one period
        arg_min(period_no, (standing.possible_start, period.oid, period.document_key, period.pointer, period.role))
    FROM standing
    JOIN island USING (person_no, organiser_no, task_no, possible_start)
    JOIN covering_period AS period USING (period_no)
    GROUP BY person_no, organiser_no, task_no, island.island
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

-- Starts of relationships beside which an old one is archived: where the two adjoin, the episode begins with the old one, and
-- the relationship begins when it did.
CREATE OR REPLACE TEMP TABLE start_beside_old AS
SELECT DISTINCT
    person.person_key,
    organiser.organiser,
    task_number.layer,
    task_number.service_task,
    interval.possible_start,
    interval.certain_start
FROM numbered_interval AS interval
SEMI JOIN (FROM numbered_interval WHERE standing = 'current' AND old_relationship) AS old
    USING (person_no, organiser_no, task_no)
JOIN person USING (person_no)
JOIN organiser USING (organiser_no)
JOIN task_number USING (task_no)
WHERE interval.standing = 'current' AND NOT interval.old_relationship;

-- Documents stored in each month by unit and kind, from twelve months before the period to its end. What an old unit stored is
-- told of the one that came after it.
CREATE OR REPLACE TEMP TABLE unit_month AS
SELECT
    coalesce(after.new, document.unit)                     AS unit,
    document.kind,
    date_trunc('month', document_standing.stored_on)::DATE AS month,
    count(*)                                               AS documents
FROM document_standing
JOIN numbered_document AS document USING (document_key)
CROSS JOIN run
LEFT JOIN succession AS after ON after.kind = 'units' AND after.old = document.unit
WHERE document.in_scope
  AND document_standing.standing <> 'after-as-of'
  AND document_standing.stored_on >= date_trunc('month', run.period_start) - INTERVAL 12 MONTH
  AND document_standing.stored_on <= run.period_end
GROUP BY ALL;
