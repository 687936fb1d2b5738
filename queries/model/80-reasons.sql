-- Why: one row for each reason that holds for a row, with a document it rests on (null when it rests on none).
-- Only rows whose class documents decide; the reasons of the others are settled already.

-- Uncovered days: the widest days that no current document certainly covers, in at least one reading.
CREATE OR REPLACE TEMP TABLE uncovered AS
WITH decided AS (
    SELECT episode_reading.*, classified.class
    FROM episode_reading
    JOIN classified USING (row_no)
    WHERE classified.class IN ('partial', 'missing')
),
edge AS (
    SELECT
        decided.row_no, decided.reading, decided.widest_start, decided.widest_end,
        island.island_start, island.island_end
    FROM decided
    JOIN covered_island AS island
        ON  island.person_no = decided.person_no
        AND island.organiser_no = decided.organiser_no
        AND island.task_no = decided.task_no
        AND island.reading = decided.reading
        AND island.sureness = 'certain'
        AND island.island_end >= decided.widest_start
        AND island.island_start <= decided.widest_end
    UNION ALL
    -- A closing edge after the last day, so that the days behind the last island are seen.
    SELECT row_no, reading, widest_start, widest_end, widest_end + 1, widest_end + 1
    FROM decided
),
hole AS (
    SELECT
        row_no,
        coalesce(
            -- total: islands lie apart, and the closing edge lies behind them
            lag(island_end) OVER (PARTITION BY row_no, reading ORDER BY island_start) + 1,
            widest_start
        )                AS hole_start,
        island_start - 1 AS hole_end
    FROM edge
)
SELECT DISTINCT
    hole.row_no, hole.hole_start, hole.hole_end,
    episode.person_no, episode.organiser_no, episode.task_no, episode.layer
FROM hole
JOIN numbered_episode AS episode USING (row_no)
WHERE hole.hole_start <= hole.hole_end;

-- Rows that reasons are looked for, and those of them with something to explain.
CREATE OR REPLACE TEMP TABLE numbered_explained AS
SELECT
    episode.row_no,
    episode.person_no,
    episode.identity_no,
    episode.organiser_no,
    episode.task_no,
    episode.start_lo,
    episode.start_hi,
    episode.end_lo,
    episode.end_hi,
    episode.widest_start,
    episode.widest_end,
    classified.class,
    classified.class <> 'archived' AS lacking
FROM numbered_episode AS episode
JOIN classified USING (row_no)
WHERE classified.class IN ('archived', 'partial', 'missing');

CREATE OR REPLACE TEMP VIEW explained AS
SELECT
    numbered.*,
    row.source_id,
    row.person_key,
    row.identity_key,
    row.organiser,
    row.layer,
    row.match_task
FROM numbered_explained AS numbered
JOIN register_row AS row USING (row_no);

-- Documents of each person that exist on the as-of date. What the archive did not take was never one of its documents.
CREATE OR REPLACE TEMP TABLE person_document AS
SELECT
    identity.person_no,
    identity.identity_no,
    identity.document_no,
    identity.municipality,
    standing.kind,
    standing.effective_at,
    standing.standing,
    standing.organiser_no
FROM numbered_document_identity AS identity
JOIN numbered_standing AS standing USING (document_no)
WHERE standing.standing NOT IN ('after-as-of', 'refused', 'not-acknowledged');

-- Client-relationship documents of each person that the archive did not take, or of which it is not known.
CREATE OR REPLACE TEMP TABLE relationship_kept_out AS
SELECT DISTINCT about.person_no, about.document_no, standing.standing
FROM numbered_document_about AS about
JOIN numbered_standing AS standing USING (document_no)
WHERE standing.kind = 'client-relationship' AND standing.standing IN ('refused', 'not-acknowledged');

CREATE OR REPLACE TEMP TABLE person_archive AS
WITH archived AS (
    SELECT person_no, bool_or(kind = 'client-relationship') AS has_client_document
    FROM person_document
    GROUP BY person_no
)
SELECT person.person_no, person.person_key, archived.has_client_document
FROM archived
JOIN person USING (person_no);

-- Current client-relationship documents by person and organiser, and what each names.
CREATE OR REPLACE TEMP TABLE numbered_relationship AS
SELECT DISTINCT person_no, organiser_no, document_no
FROM person_document
WHERE kind = 'client-relationship' AND standing = 'current';

CREATE OR REPLACE TEMP VIEW current_relationship AS
SELECT
    numbered.*,
    person.person_key,
    organiser.organiser,
    document.document_key,
    document.oid
FROM numbered_relationship AS numbered
JOIN person USING (person_no)
JOIN document_standing AS document USING (document_no)
LEFT JOIN organiser USING (organiser_no);

-- A task may stand more than once.
CREATE OR REPLACE TEMP TABLE numbered_task AS
SELECT document.rowid AS document_no, task_number.task_no
FROM service_task_block AS block
JOIN document USING (document_key)
JOIN document_service_task AS task
    ON  task.task_system IS NOT DISTINCT FROM block.task_system
    AND task.task_code IS NOT DISTINCT FROM block.task_code
    AND task.task_display IS NOT DISTINCT FROM block.task_display
JOIN task_number ON task_number.layer = 'service-task' AND task_number.service_task = task.service_task
UNION ALL
SELECT document.rowid, task_number.task_no
FROM client_period AS period
JOIN document USING (document_key)
JOIN task_number ON task_number.layer = 'child-protection'
WHERE period.role = 'child-protection';

CREATE OR REPLACE TEMP VIEW named_task AS
SELECT numbered.*, document.document_key, task_number.layer, task_number.service_task
FROM (SELECT DISTINCT document_no, task_no FROM numbered_task) AS numbered
JOIN document_standing AS document USING (document_no)
JOIN task_number USING (task_no);

-- Sets whose newest version is voided, with the organiser and persons of the voiding version.
CREATE OR REPLACE TEMP TABLE voided_relationship AS
SELECT DISTINCT
    person_document.person_no, person_document.organiser_no, person_document.document_no, document.set_id
FROM person_document
JOIN document ON document.rowid = person_document.document_no
WHERE person_document.kind = 'client-relationship' AND person_document.standing = 'voided';

-- Of those, the ones of which no version has any dates.
CREATE OR REPLACE TEMP TABLE set_without_periods AS
SELECT document_standing.set_id
FROM document_standing
SEMI JOIN voided_relationship USING (set_id)
LEFT JOIN client_period USING (document_key)
WHERE document_standing.standing <> 'after-as-of'
GROUP BY document_standing.set_id
HAVING count(client_period.document_key) = 0;

-- When each client of a current case document was in the case: a client of a joint case joins and leaves it by days of
-- their own. Nobody has a day in a case that they left before they came.
CREATE OR REPLACE TEMP TABLE numbered_case AS
WITH place AS (
    SELECT
        document_key, slot,
        max(coalesce(joined_lo, DATE '0001-01-01')) AS joined,
        min(coalesce(left_hi, DATE '9999-12-31'))   AS gone
    FROM document_person
    GROUP BY document_key, slot
)
SELECT DISTINCT
    identity.person_no,
    standing.organiser_no,
    of_layer.task_no,
    greatest(coalesce(case_fact.opened_lo, DATE '0001-01-01'), place.joined) AS first_day,
    least(coalesce(case_fact.closed_hi, DATE '9999-12-31'), place.gone)      AS last_day
FROM case_fact
JOIN document USING (document_key)
JOIN numbered_standing AS standing ON standing.document_no = document.rowid
JOIN numbered_document_identity AS identity ON identity.document_no = document.rowid
JOIN place ON place.document_key = case_fact.document_key AND place.slot = identity.slot
JOIN document_service_task AS task
    ON  task.task_system IS NOT DISTINCT FROM case_fact.task_system
    AND task.task_code IS NOT DISTINCT FROM case_fact.task_code
    AND task.task_display IS NOT DISTINCT FROM case_fact.task_display
-- A case of child protection stands beside rows of both layers.
JOIN task_number AS of_layer ON of_layer.service_task = task.service_task
WHERE standing.kind = 'case' AND standing.standing = 'current' AND first_day <= last_day;

CREATE OR REPLACE TEMP TABLE reason_found AS
-- no-document
SELECT row.row_no, 'no-document' AS reason, NULL::BIGINT AS document_no, NULL::VARCHAR AS unread_oid
FROM numbered_explained AS row
ANTI JOIN person_archive USING (person_no)
WHERE row.lacking
UNION ALL
-- no-client-document
SELECT row.row_no, 'no-client-document', NULL, NULL
FROM numbered_explained AS row
JOIN person_archive USING (person_no)
WHERE row.lacking AND NOT person_archive.has_client_document
UNION ALL
-- quarantined-document
SELECT row.row_no, 'quarantined-document', NULL, quarantined.oid
FROM numbered_explained AS row
JOIN known_identity AS identity USING (person_no)
JOIN quarantine_person ON quarantine_person.identity_key = identity.identity_key
JOIN quarantined_document AS quarantined USING (member_key)
WHERE row.lacking AND quarantined.perhaps_relationship
UNION ALL
-- quarantined-document: also on archived rows, when a newer version of a covering document is there
SELECT row.row_no, 'quarantined-document', NULL, newer.oid
FROM numbered_explained AS row
JOIN numbered_interval AS cover USING (person_no, organiser_no, task_no)
JOIN document ON document.rowid = cover.document_no
JOIN quarantined_document AS newer ON newer.set_id = document.set_id AND newer.version > document.version
WHERE newer.perhaps_relationship
  AND cover.standing = 'current'
  AND cover.possible_start <= row.widest_end
  AND cover.possible_end >= row.widest_start
UNION ALL
-- temporary-id-only: also on archived rows, whose days count all the same
SELECT row.row_no, 'temporary-id-only', NULL, NULL
FROM numbered_explained AS row
SEMI JOIN person_archive USING (person_no)
ANTI JOIN person_document USING (person_no, identity_no)
UNION ALL
-- other-organiser: another organiser's document covers days that are uncovered
SELECT uncovered.row_no, 'other-organiser', other.document_no, NULL
FROM uncovered
JOIN numbered_interval AS other
    ON  other.person_no = uncovered.person_no
    AND other.task_no = uncovered.task_no
WHERE other.standing = 'current'
  AND other.organiser_no <> uncovered.organiser_no
  AND other.possible_start <= uncovered.hole_end
  AND other.possible_end >= uncovered.hole_start
UNION ALL
-- other-organiser: or the person is known to other organisers only
SELECT row.row_no, 'other-organiser', other.document_no, NULL
FROM numbered_explained AS row
JOIN numbered_relationship AS other ON other.person_no = row.person_no
ANTI JOIN numbered_relationship AS own ON own.person_no = row.person_no AND own.organiser_no = row.organiser_no
WHERE row.lacking
UNION ALL
-- voided: a voided set once covered the days
SELECT uncovered.row_no, 'voided', voided.document_no, NULL
FROM uncovered
JOIN voided_relationship AS voided USING (person_no, organiser_no)
JOIN document AS version USING (set_id)
JOIN numbered_interval AS once
    ON  once.document_no = version.rowid
    AND once.person_no = uncovered.person_no
    AND once.task_no = uncovered.task_no
WHERE once.standing <> 'after-as-of'
  AND once.possible_start <= uncovered.hole_end
  AND once.possible_end >= uncovered.hole_start
UNION ALL
-- voided: or nobody knows what it covered
SELECT row.row_no, 'voided', voided.document_no, NULL
FROM numbered_explained AS row
JOIN voided_relationship AS voided USING (person_no, organiser_no)
JOIN set_without_periods USING (set_id)
WHERE row.lacking
UNION ALL
-- voided: or nothing else is left of the person
SELECT row.row_no, 'voided', voided.document_no, NULL
FROM numbered_explained AS row
JOIN voided_relationship AS voided USING (person_no)
ANTI JOIN numbered_relationship USING (person_no)
WHERE row.lacking
UNION ALL
-- refused, and not-acknowledged where answers are required: the document would cover the days
SELECT uncovered.row_no, kept_out.standing, kept_out.document_no, NULL
FROM uncovered
JOIN numbered_interval AS kept_out USING (person_no, organiser_no, task_no)
WHERE kept_out.standing IN ('refused', 'not-acknowledged')
  AND kept_out.possible_start <= uncovered.hole_end
  AND kept_out.possible_end >= uncovered.hole_start
UNION ALL
-- the same two: or nothing else is left of the person
SELECT row.row_no, kept_out.standing, kept_out.document_no, NULL
FROM numbered_explained AS row
JOIN relationship_kept_out AS kept_out USING (person_no)
ANTI JOIN numbered_relationship USING (person_no)
WHERE row.lacking
UNION ALL
-- not-acknowledged: also on archived rows, a document that covers days has no answer
SELECT row.row_no, 'not-acknowledged', cover.document_no, NULL
FROM numbered_explained AS row
JOIN numbered_interval AS cover USING (person_no, organiser_no, task_no)
JOIN document_acknowledgement AS told
    ON told.document_no = cover.document_no AND NOT told.at_last AND told.acknowledgement = 'unanswered'
WHERE cover.standing = 'current'
  AND cover.possible_start <= row.widest_end
  AND cover.possible_end >= row.widest_start
UNION ALL
-- superseded
SELECT uncovered.row_no, 'superseded', older.document_no, NULL
FROM uncovered
JOIN numbered_interval AS older USING (person_no, organiser_no, task_no)
WHERE older.standing = 'superseded'
  AND older.possible_start <= uncovered.hole_end
  AND older.possible_end >= uncovered.hole_start
UNION ALL
-- superseded: or the newer versions are no client-relationship documents of the person any more
SELECT row.row_no, 'superseded', older.document_no, NULL
FROM numbered_explained AS row
JOIN person_document AS older USING (person_no)
ANTI JOIN numbered_relationship USING (person_no)
ANTI JOIN voided_relationship USING (person_no)
WHERE row.lacking AND older.kind = 'client-relationship'
UNION ALL
-- no-service-task
SELECT row.row_no, 'no-service-task', own.document_no, NULL
FROM numbered_explained AS row
JOIN numbered_relationship AS own USING (person_no, organiser_no)
ANTI JOIN (
    SELECT relationship.person_no, relationship.organiser_no, numbered_task.task_no
    FROM numbered_relationship AS relationship
    JOIN numbered_task USING (document_no)
) AS named
    ON  named.person_no = row.person_no
    AND named.organiser_no = row.organiser_no
    AND named.task_no = row.task_no
WHERE row.lacking
UNION ALL
-- unit-without-task
SELECT uncovered.row_no, 'unit-without-task', first_phase.document_no, NULL
FROM uncovered
JOIN numbered_relationship AS relationship USING (person_no, organiser_no)
JOIN numbered_period AS first_phase ON first_phase.document_no = relationship.document_no
WHERE uncovered.layer = 'service-task'
  AND first_phase.role = 'first-phase-unit'
  AND first_phase.possible_start <= uncovered.hole_end
  AND first_phase.possible_end >= uncovered.hole_start
UNION ALL
-- dates-outside
SELECT uncovered.row_no, 'dates-outside', relationship.document_no, NULL
FROM uncovered
JOIN numbered_relationship AS relationship USING (person_no, organiser_no)
JOIN numbered_task
    ON  numbered_task.document_no = relationship.document_no
    AND numbered_task.task_no = uncovered.task_no
UNION ALL
-- after-as-of
SELECT uncovered.row_no, 'after-as-of', later.document_no, NULL
FROM uncovered
JOIN numbered_interval AS later USING (person_no, organiser_no, task_no)
WHERE later.standing = 'after-as-of'
  AND later.current_at_last
  AND later.possible_start <= uncovered.hole_end
  AND later.possible_end >= uncovered.hole_start
UNION ALL
-- old-relationship-only: also on archived rows
SELECT row.row_no, 'old-relationship-only', NULL, NULL
FROM numbered_explained AS row
SEMI JOIN (FROM numbered_interval WHERE old_relationship) AS old USING (person_no, organiser_no, task_no)
JOIN numbered_interval AS cover USING (person_no, organiser_no, task_no)
WHERE cover.standing = 'current'
  AND cover.possible_start <= row.widest_end
  AND cover.possible_end >= row.widest_start
GROUP BY row.row_no
HAVING bool_and(cover.old_relationship)
UNION ALL
-- dates-differ: also on archived rows
SELECT row.row_no, 'dates-differ', NULL, NULL
FROM numbered_explained AS row
JOIN numbered_archived_episode AS archived USING (person_no, organiser_no, task_no)
ANTI JOIN numbered_several USING (person_no, organiser_no, task_no)
WHERE archived.possible_start <= row.end_hi AND archived.possible_end >= row.start_lo
  AND (archived.possible_start > row.start_hi
       OR archived.certain_start < row.start_lo
       OR archived.certain_end > row.end_hi
       OR archived.possible_end < row.end_lo)
UNION ALL
-- dates-differ: or where there are several archived episodes, all of them together
SELECT row.row_no, 'dates-differ', NULL, NULL
FROM numbered_explained AS row
JOIN numbered_archived_episode AS archived USING (person_no, organiser_no, task_no)
SEMI JOIN numbered_several USING (person_no, organiser_no, task_no)
WHERE archived.possible_start <= row.end_hi AND archived.possible_end >= row.start_lo
GROUP BY row.row_no
HAVING min(archived.possible_start) > min(row.start_hi)
    OR min(archived.certain_start) < min(row.start_lo)
    OR max(archived.certain_end) > min(row.end_hi)
    OR max(archived.possible_end) < min(row.end_lo)
UNION ALL
-- no-case-document: also on archived rows
SELECT row.row_no, 'no-case-document', NULL, NULL
FROM numbered_explained AS row
ANTI JOIN numbered_case AS matter
    ON  matter.person_no = row.person_no
    AND matter.organiser_no = row.organiser_no
    AND matter.task_no = row.task_no
    AND matter.first_day <= row.end_hi
    AND matter.last_day >= row.start_lo;
