-- Standing of every readable document: current, voided, superseded, or after-as-of (not there yet on the as-of date).
CREATE OR REPLACE TEMP TABLE numbered_standing AS
WITH sent AS (
    -- A frame speaks of a document when id and set agree, or when it names no set.
    SELECT document.rowid AS document_no, min(frame.created_at)::DATE AS sent_on
    FROM frame
    JOIN document ON document.oid = frame.oid
    WHERE NOT frame.voiding AND coalesce(frame.set_id = document.set_id, frame.set_id IS NULL)
    GROUP BY document.rowid
),
voiding AS (
    SELECT
        frame.oid,
        bool_or(coalesce(frame.created_at::DATE <= run.as_of, true)) AS voided_by_now
    FROM frame
    CROSS JOIN run
    WHERE frame.voiding
    GROUP BY frame.oid
),
versions AS (
    -- Most sets have one document, which is its own newest version.
    SELECT set_id, max(version) AS last_version
    FROM document
    GROUP BY set_id
    HAVING count(*) > 1
),
placed AS (
    SELECT
        document.rowid                                                   AS document_no,
        document.set_id,
        document.version,
        document.kind,
        document.organiser,
        document.effective_at,
        coalesce(versions.last_version, document.version)                AS last_version,
        versions.set_id IS NOT NULL                                      AS has_versions,
        coalesce(sent.sent_on, document.created_at::DATE, document.effective_at::DATE) AS stored_on,
        coalesce(stored_on <= run.as_of, true)                           AS present,
        document.body = 'none' OR coalesce(voiding.voided_by_now, false) AS voided,
        document.body = 'none' OR voiding.oid IS NOT NULL                AS voided_at_last
    FROM document
    CROSS JOIN run
    LEFT JOIN sent ON sent.document_no = document.rowid
    LEFT JOIN voiding ON voiding.oid = document.oid
    LEFT JOIN versions USING (set_id)
),
newest AS (
    SELECT set_id, max(version) AS newest_version
    FROM placed
    WHERE present AND has_versions
    GROUP BY set_id
)
SELECT
    placed.document_no,
    placed.kind,
    placed.version,
    organiser_of.organiser_no,
    coalesce(organiser_of.in_scope, false) AS in_scope,
    placed.effective_at,
    placed.stored_on,
    CASE
        WHEN NOT placed.present THEN 'after-as-of'
        WHEN placed.version < newest.newest_version THEN 'superseded'
        WHEN placed.voided THEN 'voided'
        ELSE 'current'
    END AS standing,
    placed.has_versions,
    -- Would it be current if there were no as-of date?
    placed.version = placed.last_version AND NOT placed.voided_at_last AS current_at_last
FROM placed
LEFT JOIN newest USING (set_id)
LEFT JOIN organiser_of ON organiser_of.oid = placed.organiser;

CREATE OR REPLACE TEMP VIEW document_standing AS
SELECT
    numbered.document_no, document.document_key, document.oid, document.set_id, numbered.stored_on, numbered.standing,
    numbered.has_versions, numbered.current_at_last
FROM numbered_standing AS numbered
JOIN document ON document.rowid = numbered.document_no;

-- Whom documents are about, by their keys.
CREATE OR REPLACE TEMP VIEW document_identity AS
SELECT numbered.*, document.document_key, identity.identity_key, identity.person_key
FROM numbered_document_identity AS numbered
JOIN document_standing AS document USING (document_no)
JOIN known_identity AS identity USING (identity_no);

CREATE OR REPLACE TEMP VIEW document_about AS
SELECT numbered.*, document.document_key, person.person_key
FROM numbered_document_about AS numbered
JOIN document_standing AS document USING (document_no)
JOIN person USING (person_no);

-- Documents in quarantine that exist on the as-of date. When they were stored is told by a frame, as of any document, else
-- by what could be read of them.
CREATE OR REPLACE TEMP TABLE quarantined_document AS
WITH sent AS (
    SELECT quarantine.member_key, min(frame.created_at)::DATE AS sent_on
    FROM quarantine
    JOIN frame USING (oid)
    WHERE NOT frame.voiding AND coalesce(frame.set_id = quarantine.set_id, true)
    GROUP BY quarantine.member_key
)
SELECT
    quarantine.member_key,
    quarantine.oid,
    quarantine.set_id,
    quarantine.version,
    coalesce(quarantine.kind, 'client-relationship') = 'client-relationship' AS perhaps_relationship,
    coalesce(quarantine.kind, 'client') NOT IN ('client-relationship', 'case') AS perhaps_client
FROM quarantine
CROSS JOIN run
LEFT JOIN sent USING (member_key)
WHERE coalesce(coalesce(sent.sent_on, quarantine.stored_at::DATE) <= run.as_of, true);
