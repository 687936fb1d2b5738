-- The ledger: every register row of the period with its class, its reasons in the order in which they are told, its
-- days and its documents.
CREATE OR REPLACE TEMP MACRO reason_names() AS [
    'no-document', 'no-client-document', 'quarantined-document', 'temporary-id-only', 'other-organiser', 'voided',
    'refused', 'not-acknowledged', 'superseded', 'no-service-task', 'unit-without-task', 'dates-outside', 'after-as-of',
    'old-relationship-only', 'dates-differ', 'no-case-document', 'excluded-family-law', 'excluded-organiser', 'excluded-task',
    'partial-date', 'end-before-start', 'version-conflict', 'unknown-service-task'
];

CREATE OR REPLACE TEMP TABLE reason_order AS
SELECT unnest(reason_names()) AS reason, unnest(range(1, len(reason_names()) + 1)) AS rank;

CREATE OR REPLACE TEMP TABLE numbered_reason AS
WITH named AS (
    SELECT DISTINCT row_no, reason FROM reason_found
    UNION ALL
    SELECT row_no, unnest(reasons) FROM classified WHERE len(reasons) > 0
)
SELECT named.row_no, reason_order.rank
FROM named
JOIN reason_order USING (reason);

CREATE OR REPLACE TEMP VIEW ledger_reason AS
SELECT numbered.row_no, register_row.source_id, reason_order.reason, numbered.rank
FROM numbered_reason AS numbered
JOIN reason_order USING (rank)
JOIN register_row USING (row_no);

-- Where an archived client lives: the newest current client-relationship document first; not told of the restricted.
CREATE OR REPLACE TEMP TABLE person_municipality AS
WITH told AS (
    SELECT person_no, municipality, kind, effective_at, document_no
    FROM person_document
    ANTI JOIN restricted_person USING (person_no)
    WHERE standing = 'current' AND municipality IS NOT NULL
),
span AS (
    -- Most persons live in one municipality in all their documents, and nothing is to be chosen.
    SELECT person_no, min(municipality) AS municipality, max(municipality) AS other
    FROM told
    GROUP BY person_no
),
living AS (
    SELECT person_no, municipality FROM span WHERE municipality = other
    UNION ALL
    SELECT
        told.person_no,
        first(told.municipality ORDER BY
            told.kind = 'client-relationship' DESC, told.effective_at DESC NULLS LAST, document.oid, told.municipality
        )
    FROM told
    SEMI JOIN (FROM span WHERE municipality <> other) AS moved USING (person_no)
    JOIN document ON document.rowid = told.document_no
    GROUP BY told.person_no
)
SELECT living.person_no, person.person_key, living.municipality
FROM living
JOIN person USING (person_no);

CREATE OR REPLACE TEMP TABLE ledger_row AS
WITH marked AS (
    -- One bit a reason, at its place in the order: sorting a million lists would take longer than all the rest.
    SELECT row_no, bit_or(1::BIGINT << rank) AS marks
    FROM numbered_reason
    GROUP BY row_no
),
told AS (
    -- Few combinations occur: each is put in words once.
    SELECT marks, list_filter(reason_names(), lambda reason, place: (marks >> place) & 1 = 1) AS reasons
    FROM (SELECT DISTINCT marks FROM marked)
)
SELECT
    row.row_no,
    row.person_no,
    row.source_id,
    row.person_key,
    row.identity_key,
    row.layer,
    row.service_task,
    row.organiser_oid                                                      AS organiser,
    row.unit,
    row.producer,
    coalesce(row.municipality, person_municipality.municipality)           AS municipality,
    person_age.age_group,
    row.start_text                                                         AS start,
    row.end_text                                                           AS end,
    classified.class,
    coalesce(told.reasons, [])                                             AS reasons,
    classified.days_expected,
    classified.days_archived
FROM numbered_episode
JOIN register_row AS row USING (row_no)
JOIN classified USING (row_no)
LEFT JOIN marked USING (row_no)
LEFT JOIN told USING (marks)
LEFT JOIN person_municipality ON person_municipality.person_no = row.person_no
LEFT JOIN person_age ON person_age.person_no = row.person_no;

-- Documents a row rests on. Covering documents for archived and partial rows and for partial dates; those of the
-- reasons for missing rows; the candidates for conflicts. A document may stand more than once.
CREATE OR REPLACE TEMP VIEW ledger_document AS
WITH resting AS (
    SELECT episode.row_no, cover.document_no
    FROM numbered_episode AS episode
    JOIN classified USING (row_no)
    JOIN numbered_interval AS cover USING (person_no, organiser_no, task_no)
    WHERE cover.standing = 'current'
      AND cover.possible_start <= episode.widest_end
      AND cover.possible_end >= episode.widest_start
      AND (classified.class IN ('archived', 'partial') OR list_contains(classified.reasons, 'partial-date'))
    UNION ALL
    SELECT reason_found.row_no, reason_found.document_no
    FROM reason_found
    JOIN classified USING (row_no)
    WHERE classified.class = 'missing' AND reason_found.document_no IS NOT NULL
    UNION ALL
    SELECT classified.row_no, conflict_candidate.document_no
    FROM classified
    JOIN numbered_episode USING (row_no)
    JOIN person_conflict USING (person_no)
    JOIN conflict_candidate USING (set_id)
    WHERE list_contains(classified.reasons, 'version-conflict')
)
SELECT resting.row_no, document.oid
FROM resting
JOIN document_standing AS document USING (document_no)
UNION ALL
SELECT reason_found.row_no, reason_found.unread_oid
FROM reason_found
JOIN classified USING (row_no)
WHERE classified.class = 'missing' AND reason_found.unread_oid IS NOT NULL;

CREATE OR REPLACE TEMP VIEW row_documents AS
WITH named AS (
    SELECT row_no, list(oid) AS documents  -- total: sorted below where there are several
    FROM ledger_document
    GROUP BY row_no
)
SELECT row_no, CASE WHEN len(documents) = 1 THEN documents ELSE list_sort(list_distinct(documents)) END AS documents
FROM named;

-- The same with the documents, for which most figures do not ask.
CREATE OR REPLACE TEMP VIEW ledger AS
SELECT row.* EXCLUDE (row_no, person_no), coalesce(row_documents.documents, []) AS documents
FROM ledger_row AS row
LEFT JOIN row_documents USING (row_no);

-- Archived episodes of the period that no register row, of any period, overlaps.
CREATE OR REPLACE TEMP TABLE archived_only AS
WITH dated_row AS (
    -- A row that ends before it starts has no day, so it overlaps nothing.
    SELECT person_no, task_no, start_lo, end_hi
    FROM numbered_row
    WHERE start_lo <= end_hi
),
known_to_register AS (
    SELECT person_no, task_no, start_lo, end_hi
    FROM dated_row
    UNION ALL
    SELECT named_together.also_no, task_no, start_lo, end_hi
    FROM dated_row
    JOIN named_together USING (person_no)
)
SELECT
    person.person_key,
    task_number.layer,
    task_number.service_task,
    organiser.organiser,
    person_municipality.municipality,
    person_age.age_group,
    archived.start_text                          AS start,
    nullif(archived.end_text, '')                AS end,
    coalesce(archived.documents, [document.oid]) AS documents
FROM numbered_archived_episode AS archived
CROSS JOIN run
JOIN task_number USING (task_no)
LEFT JOIN service_task ON service_task.service_task = task_number.service_task
ANTI JOIN known_to_register AS known
    ON  known.person_no = archived.person_no
    AND known.task_no = archived.task_no
    AND known.start_lo <= archived.possible_end
    AND known.end_hi >= archived.possible_start
JOIN person ON person.person_no = archived.person_no
JOIN organiser USING (organiser_no)
JOIN document ON document.rowid = archived.document_no
LEFT JOIN person_municipality ON person_municipality.person_no = archived.person_no
LEFT JOIN person_age ON person_age.person_no = archived.person_no
WHERE archived.in_scope
  AND archived.leads
  AND archived.possible_start <= run.period_end
  AND archived.possible_end >= run.period_start
  AND coalesce(service_task.in_register AND NOT service_task.family_law, true);
