-- The ledger: every register row of the period with its class, its reasons in the order in which they are told, its
-- days and its documents.
CREATE OR REPLACE TEMP MACRO reason_names() AS [
    'no-document', 'no-client-document', 'quarantined-document', 'temporary-id-only', 'other-organiser', 'voided',
    'superseded', 'no-service-task', 'unit-without-task', 'dates-outside', 'after-as-of', 'old-relationship-only',
    'dates-differ', 'no-case-document', 'excluded-family-law', 'excluded-organiser', 'excluded-task',
    'partial-date', 'end-before-start', 'version-conflict', 'unknown-service-task'
];

CREATE OR REPLACE TEMP TABLE reason_order AS
SELECT unnest(reason_names()) AS reason, unnest(range(1, len(reason_names()) + 1)) AS rank;

CREATE OR REPLACE TEMP TABLE ledger_reason AS
SELECT source_id, reason, rank
FROM (
    SELECT DISTINCT source_id, reason FROM reason_found
    UNION ALL
    SELECT source_id, unnest(reasons) FROM classified WHERE len(reasons) > 0
)
JOIN reason_order USING (reason);

-- Documents a row rests on. Covering documents for archived and partial rows and for partial dates; those of the
-- reasons for missing rows; the candidates for conflicts.
CREATE OR REPLACE TEMP TABLE ledger_document AS
WITH covering AS (
    SELECT episode.source_id, cover.oid, classified.class, classified.reasons
    FROM episode
    JOIN classified USING (source_id)
    JOIN archived_interval AS cover
        ON  cover.person_key = episode.person_key
        AND cover.organiser = episode.organiser
        AND cover.layer = episode.layer
        AND cover.service_task = episode.match_task
    WHERE cover.standing = 'current'
      AND cover.possible_start <= episode.widest_end
      AND cover.possible_end >= episode.widest_start
)
SELECT source_id, oid
FROM covering
WHERE class IN ('archived', 'partial') OR list_contains(reasons, 'partial-date')
UNION
SELECT reason_found.source_id, reason_found.document
FROM reason_found
JOIN classified USING (source_id)
WHERE classified.class = 'missing' AND reason_found.document IS NOT NULL
UNION
SELECT episode.source_id, document.oid
FROM classified
JOIN episode USING (source_id)
JOIN person_conflict USING (person_key)
JOIN conflict_candidate USING (set_id)
JOIN document USING (document_key)
WHERE list_contains(classified.reasons, 'version-conflict');

-- Where an archived client lives: the newest current client-relationship document first; not told of the restricted.
CREATE OR REPLACE TEMP TABLE person_municipality AS
SELECT
    person_document.person_key,
    first(document_person.municipality ORDER BY
        person_document.kind = 'client-relationship' DESC,
        document.effective_at DESC NULLS LAST,
        document.oid
    ) AS municipality
FROM person_document
JOIN document USING (document_key)
JOIN document_person USING (document_key, identity_key)
ANTI JOIN restricted_person ON restricted_person.person_key = person_document.person_key
WHERE person_document.standing = 'current' AND document_person.municipality IS NOT NULL
GROUP BY person_document.person_key;

CREATE OR REPLACE TEMP TABLE ledger AS
WITH marked AS (
    -- One bit a reason, at its place in the order: sorting a million lists would take longer than all the rest.
    SELECT source_id, bit_or(1::BIGINT << rank) AS marks
    FROM ledger_reason
    GROUP BY source_id
),
told AS (
    -- Few combinations occur: each is put in words once.
    SELECT marks, list_filter(reason_names(), lambda reason, place: (marks >> place) & 1 = 1) AS reasons
    FROM (SELECT DISTINCT marks FROM marked)
),
resting AS (
    SELECT source_id, list_sort(list(oid)) AS documents
    FROM ledger_document
    GROUP BY source_id
)
SELECT
    episode.source_id,
    episode.person_key,
    episode.identity_key,
    episode.layer,
    episode.service_task,
    episode.organiser_oid                                                  AS organiser,
    episode.unit,
    episode.producer,
    coalesce(episode.municipality, person_municipality.municipality)       AS municipality,
    person_age.age_group,
    episode.start_text                                                     AS start,
    episode.end_text                                                       AS end,
    classified.class,
    coalesce(told.reasons, [])                                             AS reasons,
    classified.days_expected,
    classified.days_archived,
    coalesce(resting.documents, [])                                        AS documents
FROM episode
JOIN classified USING (source_id)
LEFT JOIN marked USING (source_id)
LEFT JOIN told USING (marks)
LEFT JOIN resting USING (source_id)
LEFT JOIN person_municipality USING (person_key)
LEFT JOIN person_age USING (person_key);

-- Archived episodes of the period that no register row, of any period, overlaps.
CREATE OR REPLACE TEMP TABLE archived_only AS
WITH dated_row AS (
    -- A row that ends before it starts has no day, so it overlaps nothing.
    SELECT person_key, layer, match_task, start_lo, end_hi
    FROM register_row
    WHERE start_lo <= end_hi
),
known_to_register AS (
    SELECT person_key, layer, match_task, start_lo, end_hi
    FROM dated_row
    UNION ALL
    SELECT named_together.also_key, layer, match_task, start_lo, end_hi
    FROM dated_row
    JOIN named_together USING (person_key)
)
SELECT
    archived.person_key,
    archived.layer,
    archived.service_task,
    archived.organiser,
    person_municipality.municipality,
    person_age.age_group,
    archived.start_text              AS start,
    nullif(archived.end_text, '')    AS end,
    archived.documents
FROM archived_episode AS archived
CROSS JOIN run
LEFT JOIN service_task USING (service_task)
LEFT JOIN person_municipality USING (person_key)
LEFT JOIN person_age USING (person_key)
ANTI JOIN known_to_register AS known
    ON  known.person_key = archived.person_key
    AND known.layer = archived.layer
    AND known.match_task = archived.service_task
    AND known.start_lo <= archived.possible_end
    AND known.end_hi >= archived.possible_start
WHERE archived.in_scope
  AND archived.leads
  AND archived.possible_start <= run.period_end
  AND archived.possible_end >= run.period_start
  AND coalesce(service_task.in_register AND NOT service_task.family_law, true);
