-- Why: one row for each reason that holds for a row, with a document it rests on (null when it rests on none).
-- Only rows whose class documents decide; the reasons of the others are settled already.

-- Uncovered days: the widest days that no current document certainly covers, in at least one reading.
CREATE OR REPLACE TEMP TABLE uncovered AS
WITH decided AS (
    SELECT episode_reading.*, classified.class
    FROM episode_reading
    JOIN classified USING (source_id)
    WHERE classified.class IN ('partial', 'missing')
),
edge AS (
    SELECT
        decided.source_id, decided.reading, decided.widest_start, decided.widest_end,
        island.island_start, island.island_end
    FROM decided
    JOIN covered_island AS island
        ON  island.person_key = decided.person_key
        AND island.organiser = decided.organiser
        AND island.layer = decided.layer
        AND island.service_task = decided.match_task
        AND island.reading = decided.reading
        AND island.sureness = 'certain'
        AND island.island_end >= decided.widest_start
        AND island.island_start <= decided.widest_end
    UNION ALL
    -- A closing edge after the last day, so that the days behind the last island are seen.
    SELECT source_id, reading, widest_start, widest_end, widest_end + 1, widest_end + 1
    FROM decided
),
hole AS (
    SELECT
        source_id,
        coalesce(
            lag(island_end) OVER (PARTITION BY source_id, reading ORDER BY island_start) + 1,
            widest_start
        )                AS hole_start,
        island_start - 1 AS hole_end
    FROM edge
)
SELECT DISTINCT
    hole.source_id, hole.hole_start, hole.hole_end,
    episode.person_key, episode.organiser, episode.layer, episode.match_task
FROM hole
JOIN episode USING (source_id)
WHERE hole.hole_start <= hole.hole_end;

-- Rows that reasons are looked for, and those of them with something to explain.
CREATE OR REPLACE TEMP TABLE explained AS
SELECT
    episode.source_id,
    episode.person_key,
    episode.identity_key,
    episode.organiser,
    episode.layer,
    episode.match_task,
    episode.start_lo,
    episode.start_hi,
    episode.end_lo,
    episode.end_hi,
    episode.widest_start,
    episode.widest_end,
    classified.class,
    classified.class <> 'archived' AS lacking
FROM episode
JOIN classified USING (source_id)
WHERE classified.class IN ('archived', 'partial', 'missing');

-- Documents of each person that exist on the as-of date.
CREATE OR REPLACE TEMP TABLE person_document AS
SELECT
    document_identity.person_key,
    document_identity.identity_key,
    document_identity.document_key,
    document.oid,
    document.kind,
    document_standing.set_id,
    document_standing.standing,
    organiser_of.organiser
FROM document_identity
JOIN document USING (document_key)
JOIN document_standing USING (document_key)
LEFT JOIN organiser_of ON organiser_of.oid = document.organiser
WHERE document_standing.standing <> 'after-as-of';

CREATE OR REPLACE TEMP TABLE person_archive AS
SELECT
    person_key,
    bool_or(kind = 'client-relationship') AS has_client_document,
    list(DISTINCT identity_key)           AS identities
FROM person_document
GROUP BY person_key;

-- Current client-relationship documents by person and organiser, and what each names.
CREATE OR REPLACE TEMP TABLE current_relationship AS
SELECT DISTINCT person_key, organiser, document_key, oid, set_id
FROM person_document
WHERE kind = 'client-relationship' AND standing = 'current';

CREATE OR REPLACE TEMP TABLE named_task AS
SELECT DISTINCT block.document_key, 'service-task' AS layer, task.service_task
FROM service_task_block AS block
JOIN document_service_task AS task
    ON  task.task_system IS NOT DISTINCT FROM block.task_system
    AND task.task_code IS NOT DISTINCT FROM block.task_code
    AND task.task_display IS NOT DISTINCT FROM block.task_display
UNION
SELECT DISTINCT period.document_key, 'child-protection', child_protection.service_task
FROM client_period AS period
JOIN service_task AS child_protection ON child_protection.key = 'child_protection'
WHERE period.role = 'child-protection';

-- Sets whose newest version is voided, with the organiser and persons of the voiding version.
CREATE OR REPLACE TEMP TABLE voided_relationship AS
SELECT DISTINCT person_key, organiser, set_id, oid
FROM person_document
WHERE kind = 'client-relationship' AND standing = 'voided';

CREATE OR REPLACE TEMP TABLE set_without_periods AS
SELECT document_standing.set_id
FROM document_standing
LEFT JOIN client_period USING (document_key)
WHERE document_standing.standing <> 'after-as-of'
GROUP BY document_standing.set_id
HAVING count(client_period.document_key) = 0;

CREATE OR REPLACE TEMP TABLE reason_found AS
-- no-document
SELECT row.source_id, 'no-document' AS reason, NULL::VARCHAR AS document
FROM explained AS row
ANTI JOIN person_archive USING (person_key)
WHERE row.lacking
UNION ALL
-- no-client-document
SELECT row.source_id, 'no-client-document', NULL
FROM explained AS row
JOIN person_archive USING (person_key)
WHERE row.lacking AND NOT person_archive.has_client_document
UNION ALL
-- quarantined-document
SELECT row.source_id, 'quarantined-document', quarantine.oid
FROM explained AS row
CROSS JOIN run
JOIN (
    SELECT quarantine_person.member_key, coalesce(person_link.person_key, quarantine_person.identity_key) AS person_key
    FROM quarantine_person
    LEFT JOIN person_link USING (identity_key)
) AS about USING (person_key)
JOIN quarantine USING (member_key)
WHERE row.lacking
  AND coalesce(quarantine.kind, 'client-relationship') = 'client-relationship'
  AND coalesce(quarantine.stored_at::DATE <= run.as_of, true)
UNION ALL
-- temporary-id-only: also on archived rows, whose days count all the same
SELECT row.source_id, 'temporary-id-only', NULL
FROM explained AS row
JOIN person_archive USING (person_key)
WHERE NOT list_contains(person_archive.identities, row.identity_key)
UNION ALL
-- other-organiser: another organiser's document covers days that are uncovered
SELECT uncovered.source_id, 'other-organiser', other.oid
FROM uncovered
JOIN archived_interval AS other
    ON  other.person_key = uncovered.person_key
    AND other.layer = uncovered.layer
    AND other.service_task = uncovered.match_task
WHERE other.standing = 'current'
  AND other.organiser <> uncovered.organiser
  AND other.possible_start <= uncovered.hole_end
  AND other.possible_end >= uncovered.hole_start
UNION ALL
-- other-organiser: or the person is known to other organisers only
SELECT row.source_id, 'other-organiser', other.oid
FROM explained AS row
JOIN current_relationship AS other ON other.person_key = row.person_key
ANTI JOIN current_relationship AS own ON own.person_key = row.person_key AND own.organiser = row.organiser
WHERE row.lacking
UNION ALL
-- voided: a voided set once covered the days
SELECT uncovered.source_id, 'voided', voided.oid
FROM uncovered
JOIN voided_relationship AS voided
    ON voided.person_key = uncovered.person_key AND voided.organiser = uncovered.organiser
JOIN archived_interval AS once
    ON  once.set_id = voided.set_id
    AND once.person_key = uncovered.person_key
    AND once.layer = uncovered.layer
    AND once.service_task = uncovered.match_task
WHERE once.standing <> 'after-as-of'
  AND once.possible_start <= uncovered.hole_end
  AND once.possible_end >= uncovered.hole_start
UNION ALL
-- voided: or nobody knows what it covered
SELECT row.source_id, 'voided', voided.oid
FROM explained AS row
JOIN voided_relationship AS voided
    ON voided.person_key = row.person_key AND voided.organiser = row.organiser
JOIN set_without_periods USING (set_id)
WHERE row.lacking
UNION ALL
-- voided: or nothing else is left of the person
SELECT row.source_id, 'voided', voided.oid
FROM explained AS row
JOIN voided_relationship AS voided USING (person_key)
ANTI JOIN current_relationship USING (person_key)
WHERE row.lacking
UNION ALL
-- superseded
SELECT uncovered.source_id, 'superseded', older.oid
FROM uncovered
JOIN archived_interval AS older
    ON  older.person_key = uncovered.person_key
    AND older.organiser = uncovered.organiser
    AND older.layer = uncovered.layer
    AND older.service_task = uncovered.match_task
WHERE older.standing = 'superseded'
  AND older.possible_start <= uncovered.hole_end
  AND older.possible_end >= uncovered.hole_start
UNION ALL
-- superseded: or the newer versions are no client-relationship documents of the person any more
SELECT row.source_id, 'superseded', older.oid
FROM explained AS row
JOIN person_document AS older USING (person_key)
ANTI JOIN current_relationship USING (person_key)
ANTI JOIN voided_relationship USING (person_key)
WHERE row.lacking AND older.kind = 'client-relationship'
UNION ALL
-- no-service-task
SELECT row.source_id, 'no-service-task', own.oid
FROM explained AS row
JOIN current_relationship AS own ON own.person_key = row.person_key AND own.organiser = row.organiser
ANTI JOIN (
    SELECT relationship.person_key, relationship.organiser, named_task.layer, named_task.service_task
    FROM current_relationship AS relationship
    JOIN named_task USING (document_key)
) AS named
    ON  named.person_key = row.person_key
    AND named.organiser = row.organiser
    AND named.layer = row.layer
    AND named.service_task = row.match_task
WHERE row.lacking
UNION ALL
-- unit-without-task
SELECT uncovered.source_id, 'unit-without-task', first_phase.oid
FROM uncovered
JOIN current_relationship AS relationship
    ON relationship.person_key = uncovered.person_key AND relationship.organiser = uncovered.organiser
JOIN covering_period AS first_phase ON first_phase.document_key = relationship.document_key
WHERE uncovered.layer = 'service-task'
  AND first_phase.role = 'first-phase-unit'
  AND first_phase.possible_start <= uncovered.hole_end
  AND first_phase.possible_end >= uncovered.hole_start
UNION ALL
-- dates-outside
SELECT uncovered.source_id, 'dates-outside', relationship.oid
FROM uncovered
JOIN current_relationship AS relationship
    ON relationship.person_key = uncovered.person_key AND relationship.organiser = uncovered.organiser
JOIN named_task
    ON  named_task.document_key = relationship.document_key
    AND named_task.layer = uncovered.layer
    AND named_task.service_task = uncovered.match_task
UNION ALL
-- after-as-of
SELECT uncovered.source_id, 'after-as-of', later.oid
FROM uncovered
JOIN archived_interval AS later
    ON  later.person_key = uncovered.person_key
    AND later.organiser = uncovered.organiser
    AND later.layer = uncovered.layer
    AND later.service_task = uncovered.match_task
WHERE later.standing = 'after-as-of'
  AND later.current_at_last
  AND later.possible_start <= uncovered.hole_end
  AND later.possible_end >= uncovered.hole_start
UNION ALL
-- old-relationship-only: also on archived rows
SELECT row.source_id, 'old-relationship-only', NULL
FROM explained AS row
JOIN archived_interval AS cover
    ON  cover.person_key = row.person_key
    AND cover.organiser = row.organiser
    AND cover.layer = row.layer
    AND cover.service_task = row.match_task
WHERE cover.standing = 'current'
  AND cover.possible_start <= row.widest_end
  AND cover.possible_end >= row.widest_start
GROUP BY row.source_id
HAVING bool_and(cover.old_relationship)
UNION ALL
-- dates-differ: also on archived rows
SELECT row.source_id, 'dates-differ', NULL
FROM explained AS row
JOIN archived_episode AS archived
    ON  archived.person_key = row.person_key
    AND archived.organiser = row.organiser
    AND archived.layer = row.layer
    AND archived.service_task = row.match_task
WHERE archived.possible_start <= row.end_hi AND archived.possible_end >= row.start_lo
GROUP BY row.source_id
HAVING min(archived.possible_start) > any_value(row.start_hi)
    OR min(archived.certain_start) < any_value(row.start_lo)
    OR max(archived.certain_end) > any_value(row.end_hi)
    OR max(archived.possible_end) < any_value(row.end_lo)
UNION ALL
-- no-case-document: also on archived rows
SELECT row.source_id, 'no-case-document', NULL
FROM explained AS row
ANTI JOIN (
    SELECT person_document.person_key, person_document.organiser, task.service_task,
           coalesce(case_fact.opened_lo, DATE '0001-01-01') AS opened,
           coalesce(case_fact.closed_hi, DATE '9999-12-31') AS closed
    FROM person_document
    JOIN case_fact USING (document_key)
    JOIN document_service_task AS task
        ON  task.task_system IS NOT DISTINCT FROM case_fact.task_system
        AND task.task_code IS NOT DISTINCT FROM case_fact.task_code
        AND task.task_display IS NOT DISTINCT FROM case_fact.task_display
    WHERE person_document.kind = 'case' AND person_document.standing = 'current'
) AS matter
    ON  matter.person_key = row.person_key
    AND matter.organiser = row.organiser
    AND matter.service_task = row.match_task
    AND matter.opened <= row.end_hi
    AND matter.closed >= row.start_lo;
