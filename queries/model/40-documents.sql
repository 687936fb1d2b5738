-- Standing of every readable document: current, voided, refused (by the archive), not-acknowledged (where the setting
-- asks for it), superseded, or after-as-of (not there yet on the as-of date). Copies of a document have none.
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
    -- A request that the archive refused voids nothing.
    SELECT
        frame.oid,
        bool_or(coalesce(frame.created_at::DATE <= run.as_of, true) AND now.refused IS NOT TRUE)
            AS voided_by_now,
        bool_or(at_last.refused IS NOT TRUE) AS voided_at_last
    FROM frame
    CROSS JOIN run
    LEFT JOIN answered_frame AS now ON now.frame_no = frame.rowid AND NOT now.at_last
    LEFT JOIN answered_frame AS at_last ON at_last.frame_no = frame.rowid AND at_last.at_last
    WHERE frame.voiding
    GROUP BY frame.oid
),
unproved AS (
    -- What was never archived covers nothing and takes no older version's place.
    SELECT
        told.document_no,
        max(told.kept_out) FILTER (NOT told.at_last) AS now,
        max(told.kept_out) FILTER (told.at_last)     AS at_last
    FROM (
        SELECT
            *,
            CASE
                WHEN acknowledgement = 'refused' THEN 'refused'
                WHEN acknowledgement = 'unanswered' AND run.acknowledgements = 'required' THEN 'not-acknowledged'
            END AS kept_out
        FROM document_acknowledgement
        CROSS JOIN run
    ) AS told
    JOIN document ON document.rowid = told.document_no
    LEFT JOIN voiding ON voiding.oid = document.oid
    -- A request that voids a document says that the archive has it.
    WHERE told.kept_out IS NOT NULL
      AND NOT coalesce(CASE WHEN told.at_last THEN voiding.voided_at_last ELSE voiding.voided_by_now END, false)
    GROUP BY told.document_no
),
versions AS (
    -- Most sets have one document, which is its own newest version.
    SELECT document.set_id, max(document.version) FILTER (unproved.at_last IS NULL) AS last_version
    FROM document
    ANTI JOIN document_copy USING (document_key)
    LEFT JOIN unproved ON unproved.document_no = document.rowid
    GROUP BY document.set_id
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
        document.body = 'none' OR coalesce(voiding.voided_at_last, false) AS voided_at_last,
        unproved.now     AS kept_out,
        unproved.at_last AS kept_out_at_last
    FROM document
    CROSS JOIN run
    ANTI JOIN document_copy USING (document_key)
    LEFT JOIN sent ON sent.document_no = document.rowid
    LEFT JOIN voiding ON voiding.oid = document.oid
    LEFT JOIN versions USING (set_id)
    LEFT JOIN unproved ON unproved.document_no = document.rowid
),
newest AS (
    SELECT set_id, max(version) AS newest_version
    FROM placed
    WHERE present AND has_versions AND kept_out IS NULL
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
        WHEN placed.kept_out IS NOT NULL THEN placed.kept_out
        WHEN placed.version < newest.newest_version THEN 'superseded'
        WHEN placed.voided THEN 'voided'
        ELSE 'current'
    END AS standing,
    placed.has_versions,
    -- Would it be current if there were no as-of date?
    placed.kept_out_at_last IS NULL AND placed.version = placed.last_version AND NOT placed.voided_at_last
        AS current_at_last
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
