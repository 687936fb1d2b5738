-- What was read off the store and 70-readings.sql and 80-reasons.sql compare, with those columns alone that they ask for, in the
-- order of the parts: each part reads its own rows, and all that there is is gone through once. Rows keep the numbers that
-- they have in the whole, so that what the parts give can be put together as it is.

-- Of documents. Their sets are asked for beside those of what is in quarantine or voided alone.
CREATE TABLE county_in_parts.main.document AS
WITH wanted AS (
    SELECT set_id FROM quarantined_document
    UNION
    SELECT set_id FROM voided_relationship
)
SELECT own.part, document.rowid AS row_id, document.set_id, document.version
FROM document
SEMI JOIN wanted ON wanted.set_id = document.set_id
JOIN part_document AS own ON own.document_no = document.rowid
ORDER BY own.part;

CREATE TABLE county_in_parts.main.conflict_candidate AS
SELECT own.part, candidate.*
FROM conflict_candidate AS candidate
JOIN part_document AS own USING (document_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.numbered_period AS
-- Of periods those of the first phase are asked for alone.
SELECT own.part, period.document_no, period.role, period.possible_start, period.possible_end
FROM numbered_period AS period
JOIN part_document AS own USING (document_no)
WHERE period.role = 'first-phase-unit'
ORDER BY own.part;

CREATE TABLE county_in_parts.main.numbered_task AS
SELECT own.part, task.document_no, task.task_no
FROM numbered_task AS task
JOIN part_document AS own USING (document_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.document_acknowledgement AS
SELECT own.part, answer.document_no, answer.at_last, answer.acknowledgement
FROM document_acknowledgement AS answer
JOIN part_document AS own USING (document_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.quarantined_document AS
SELECT own.part, quarantined.*
FROM quarantined_document AS quarantined
JOIN part_quarantine AS own USING (member_key)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.quarantine_person AS
SELECT own.part, quarantine_person.*
FROM quarantine_person
JOIN part_quarantine AS own USING (member_key)
ORDER BY own.part;

-- Of persons. Identities are asked for by what is in quarantine alone.
CREATE TABLE county_in_parts.main.known_identity AS
SELECT own.part, identity.identity_key, identity.person_no
FROM known_identity AS identity
SEMI JOIN quarantine_person USING (identity_key)
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.person_conflict AS
SELECT own.part, conflict.*
FROM person_conflict AS conflict
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.numbered_interval AS
SELECT own.part, interval.* EXCLUDE (period_no, leads, in_scope, start_text, end_text)
FROM numbered_interval AS interval
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.numbered_several AS
SELECT own.part, several.*
FROM numbered_several AS several
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.numbered_archived_episode AS
SELECT own.part, archived.person_no, archived.organiser_no, archived.task_no, archived.possible_start,
       archived.certain_start, archived.possible_end, archived.certain_end
FROM numbered_archived_episode AS archived
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.person_document AS
SELECT own.part, told.person_no, told.identity_no, told.document_no, told.kind
FROM person_document AS told
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.person_archive AS
SELECT own.part, archive.person_no, archive.has_client_document
FROM person_archive AS archive
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.numbered_relationship AS
SELECT own.part, relationship.*
FROM numbered_relationship AS relationship
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.relationship_kept_out AS
SELECT own.part, kept_out.*
FROM relationship_kept_out AS kept_out
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.voided_relationship AS
SELECT own.part, voided.*
FROM voided_relationship AS voided
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

CREATE TABLE county_in_parts.main.numbered_case AS
SELECT own.part, matter.*
FROM numbered_case AS matter
JOIN part_person AS own USING (person_no)
ORDER BY own.part;

-- Of rows: one without a person is of the first part.
CREATE TABLE county_in_parts.main.numbered_episode AS
SELECT coalesce(own.part, 1) AS part, episode.*
FROM numbered_episode AS episode
LEFT JOIN part_person AS own USING (person_no)
ORDER BY part;

CREATE TABLE county_in_parts.main.numbered_settled AS
SELECT own.part, settled.*
FROM numbered_settled AS settled
JOIN county_in_parts.main.numbered_episode AS own USING (row_no)
ORDER BY own.part;

-- What is the same for all.
CREATE TABLE county_in_parts.main.run AS FROM run;

CREATE TABLE county_in_parts.main.set_without_periods AS FROM set_without_periods;
