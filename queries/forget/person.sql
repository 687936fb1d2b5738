-- Which rows go when persons are forgotten. `asked_identity`: the identities that were asked for. Everything that is
-- about nobody else goes; where others stand beside a person, the person alone goes, and what is known of them stays.
-- Leaves `forgotten_identity`, and `gone` with the rows of every table that are left out of the copy.

CREATE OR REPLACE TEMP TABLE gone (relation VARCHAR, row_no BIGINT);

-- All identities of the person, as far as they lead (`same_identity`).
CREATE OR REPLACE TEMP TABLE forgotten_identity AS
WITH RECURSIVE reached (identity_key) AS (
    SELECT identity_key FROM asked_identity
    UNION
    SELECT same.there FROM reached JOIN same_identity AS same ON same.here = reached.identity_key
)
SELECT identity_key FROM reached WHERE identity_key IS NOT NULL;

-- Clients of documents: whose place in the document is theirs, whatever else stands there, and no other identity does.
CREATE OR REPLACE TEMP TABLE client_place AS
SELECT
    document_key,
    slot,
    bool_or(coalesce(identity_key IN (FROM forgotten_identity), false)) AS names_them,
    bool_or(coalesce(identity_key NOT IN (FROM forgotten_identity), false)) AS names_another
FROM document_person
GROUP BY document_key, slot;

INSERT INTO gone
SELECT 'document_person', person.rowid
FROM document_person AS person
JOIN client_place AS place USING (document_key, slot)
WHERE person.identity_key IN (FROM forgotten_identity)
   OR (person.identity_key IS NULL AND place.names_them AND NOT place.names_another);

CREATE OR REPLACE TEMP TABLE document_of_them AS
SELECT document_key
FROM client_place
GROUP BY document_key
HAVING bool_and(names_them AND NOT names_another);

-- Documents in quarantine by their persons, as far as these are known.
CREATE OR REPLACE TEMP TABLE aside_of_them AS
SELECT member_key
FROM quarantine_person
GROUP BY member_key
HAVING bool_and(coalesce(identity_key IN (FROM forgotten_identity), false));

-- Sets of versions in which others stand: which of their versions is the newest must not change.
CREATE OR REPLACE TEMP TABLE set_of_others AS
SELECT set_id
FROM document
WHERE set_id IS NOT NULL AND document_key NOT IN (FROM document_of_them)
UNION
SELECT quarantine.set_id
FROM quarantine
JOIN quarantine_person AS person USING (member_key)
WHERE quarantine.set_id IS NOT NULL AND person.member_key NOT IN (FROM aside_of_them);

CREATE OR REPLACE TEMP TABLE gone_document AS
SELECT document_key, oid, set_id
FROM document
WHERE document_key IN (FROM document_of_them)
  AND (set_id IS NULL OR set_id NOT IN (FROM set_of_others));

INSERT INTO gone SELECT 'document', rowid FROM document WHERE document_key IN (SELECT document_key FROM gone_document);
INSERT INTO gone SELECT 'service_task_block', rowid FROM service_task_block WHERE document_key IN (SELECT document_key FROM gone_document);
INSERT INTO gone SELECT 'client_period', rowid FROM client_period WHERE document_key IN (SELECT document_key FROM gone_document);
INSERT INTO gone SELECT 'case_fact', rowid FROM case_fact WHERE document_key IN (SELECT document_key FROM gone_document);
INSERT INTO gone SELECT 'service_evidence', rowid FROM service_evidence WHERE document_key IN (SELECT document_key FROM gone_document);
INSERT INTO gone SELECT 'document_task', rowid FROM document_task WHERE document_key IN (SELECT document_key FROM gone_document);
INSERT INTO gone SELECT 'unit_name', rowid FROM unit_name WHERE document_key IN (SELECT document_key FROM gone_document);
INSERT INTO gone
SELECT 'content_identity', rowid
FROM content_identity
WHERE document_key IN (SELECT document_key FROM gone_document) OR identity_key IN (FROM forgotten_identity);

-- What is in quarantine, also a version of a document that goes where its own person could not be read.
CREATE OR REPLACE TEMP TABLE gone_aside AS
SELECT quarantine.rowid AS row_no, quarantine.member_key, quarantine.oid, quarantine.set_id
FROM quarantine
WHERE (quarantine.set_id IS NULL OR quarantine.set_id NOT IN (FROM set_of_others))
  AND (quarantine.member_key IN (FROM aside_of_them)
    OR (quarantine.member_key NOT IN (SELECT member_key FROM quarantine_person)
        AND (quarantine.oid IN (SELECT oid FROM gone_document WHERE oid IS NOT NULL)
          OR quarantine.set_id IN (SELECT set_id FROM gone_document WHERE set_id IS NOT NULL))));

INSERT INTO gone SELECT 'quarantine', row_no FROM gone_aside;
INSERT INTO gone SELECT 'quarantine_person', rowid FROM quarantine_person WHERE identity_key IN (FROM forgotten_identity);

-- Frames of what goes, and the archive's answers to them.
CREATE OR REPLACE TEMP TABLE gone_name AS
WITH named AS (
    SELECT oid, set_id FROM gone_document
    UNION
    SELECT oid, set_id FROM gone_aside
)
SELECT oid, set_id
FROM named
WHERE oid IS NULL OR oid NOT IN (
    SELECT oid FROM document WHERE oid IS NOT NULL AND document_key NOT IN (SELECT document_key FROM gone_document)
);

CREATE OR REPLACE TEMP TABLE gone_frame AS
SELECT rowid AS row_no, member_key, message_root, message_extension
FROM frame
WHERE oid IN (SELECT oid FROM gone_name WHERE oid IS NOT NULL)
   OR (set_id IN (SELECT set_id FROM gone_name WHERE set_id IS NOT NULL) AND set_id NOT IN (FROM set_of_others));

INSERT INTO gone SELECT 'frame', row_no FROM gone_frame;

CREATE OR REPLACE TEMP TABLE gone_answer AS
SELECT rowid AS row_no, answer_key, member_key, ordinal
FROM acknowledgement
WHERE (target_root, target_extension) IN (SELECT (message_root, message_extension) FROM gone_frame WHERE message_extension IS NOT NULL)
  AND (target_root, target_extension) NOT IN (
      SELECT (message_root, message_extension)
      FROM frame
      WHERE message_extension IS NOT NULL AND rowid NOT IN (SELECT row_no FROM gone_frame)
  );

INSERT INTO gone SELECT 'acknowledgement', row_no FROM gone_answer;
INSERT INTO gone
SELECT 'acknowledgement_detail', detail.rowid
FROM acknowledgement_detail AS detail
SEMI JOIN gone_answer USING (answer_key, member_key, ordinal);

-- Where it was read from. A container stays known as read.
INSERT INTO gone
SELECT 'member', member.rowid
FROM member
WHERE (outcome = 'document' AND content_hash IN (SELECT document_key FROM gone_document))
   OR member_key IN (SELECT member_key FROM gone_aside)
   OR member_key IN (SELECT member_key FROM gone_frame)
   OR (member_key IN (SELECT member_key FROM gone_answer)
       AND member_key NOT IN (
           SELECT member_key FROM acknowledgement WHERE rowid NOT IN (SELECT row_no FROM gone_answer)
       ));

INSERT INTO gone
SELECT 'file_validation', rowid
FROM file_validation
WHERE file_key NOT IN (
    SELECT file_key
    FROM member
    WHERE file_key IS NOT NULL AND rowid NOT IN (SELECT row_no FROM gone WHERE relation = 'member')
);

-- The county's own rows, what they were before, and what was delivered and remembered of them.
INSERT INTO gone SELECT 'register_episode', rowid FROM register_episode WHERE identity_key IN (FROM forgotten_identity);
INSERT INTO gone SELECT 'register_service', rowid FROM register_service WHERE identity_key IN (FROM forgotten_identity);
INSERT INTO gone
SELECT 'register_identity', rowid
FROM register_identity
WHERE identity_key IN (FROM forgotten_identity) OR same_as_key IN (FROM forgotten_identity);
INSERT INTO gone SELECT 'delivery_row', rowid FROM delivery_row WHERE identity_key IN (FROM forgotten_identity);
INSERT INTO gone SELECT 'remembered_row', rowid FROM remembered_row WHERE identity_key IN (FROM forgotten_identity);

-- Names of rows that no other person's row bears.
CREATE OR REPLACE TEMP TABLE gone_source_id AS
WITH named AS (
    SELECT source_id, identity_key FROM register_episode
    UNION
    SELECT source_id, identity_key FROM register_service
    UNION
    SELECT source_id, identity_key FROM delivery_row
    UNION
    SELECT source_id, identity_key FROM remembered_row
    UNION
    SELECT source_id, identity_key FROM register_refused WHERE identity_key IS NOT NULL
    UNION
    SELECT source_id, (content ->> 'identity_key') FROM register_history WHERE (content ->> 'identity_key') IS NOT NULL
)
SELECT source_id
FROM named
WHERE source_id IS NOT NULL
GROUP BY source_id
HAVING bool_and(coalesce(identity_key IN (FROM forgotten_identity), false));

CREATE OR REPLACE TEMP TABLE gone_line AS
SELECT 'episodes' AS kind, file, row FROM register_episode WHERE identity_key IN (FROM forgotten_identity)
UNION
SELECT 'services', file, row FROM register_service WHERE identity_key IN (FROM forgotten_identity)
UNION
SELECT kind, file, row
FROM register_refused
WHERE identity_key IN (FROM forgotten_identity) OR source_id IN (FROM gone_source_id);

INSERT INTO gone
SELECT 'register_refused', rowid
FROM register_refused AS refused
WHERE identity_key IN (FROM forgotten_identity)
   OR source_id IN (FROM gone_source_id)
   OR EXISTS (FROM forgotten_identity AS them WHERE contains(refused.key, them.identity_key));
INSERT INTO gone
SELECT 'register_error', error.rowid
FROM register_error AS error
SEMI JOIN gone_line USING (kind, file, row);
INSERT INTO gone
SELECT 'register_history', rowid
FROM register_history AS former
WHERE source_id IN (FROM gone_source_id)
   OR (content ->> 'source_id') IN (FROM gone_source_id)
   OR EXISTS (FROM forgotten_identity AS them WHERE contains(former.content, them.identity_key))
   OR (relation = 'register_error'
       AND ((content ->> 'kind'), (content ->> 'file'), (content ->> 'row'))
           IN (SELECT (kind, file, row::VARCHAR) FROM gone_line));

INSERT INTO gone
SELECT 'person_identity', rowid
FROM person_identity
WHERE identity_key IN (FROM forgotten_identity)
   OR (root = 'source-id' AND identity_key IN (FROM gone_source_id));
INSERT INTO gone
SELECT 'delivery_returned', returned.rowid
FROM delivery_returned AS returned
WHERE returned.source_id IN (FROM gone_source_id)
   OR (number, part, source_id) IN (
       SELECT (number, part, source_id) FROM delivery_row WHERE identity_key IN (FROM forgotten_identity)
   );
-- What was told of closed periods: the person's rows, and text, which is kept whole, of every closing that told of the person.
INSERT INTO gone
SELECT 'period_told_row', rowid
FROM period_told_row
WHERE person_key IN (FROM forgotten_identity)
   OR (format LIKE 'text-%' AND closing IN (
       SELECT closing FROM period_told_row WHERE person_key IN (FROM forgotten_identity)
   ));
