-- One part ($part) of the store and of what was reckoned of the whole, in a database of its own: what the steps from
-- 40-documents.sql on read. Rows keep the numbers that they have in the whole, so that what the parts give can be put
-- together as it is.

CREATE TABLE part_of_county.main.document AS
SELECT document.rowid AS rowid, document.*
FROM document
JOIN part_document ON part_document.document_no = document.rowid AND part_document.part = $part;

CREATE TABLE part_of_county.main.document_copy AS
SELECT document_copy.*
FROM document_copy
SEMI JOIN (FROM part_document WHERE part = $part) AS own USING (document_key);

CREATE TABLE part_of_county.main.document_person AS
SELECT document_person.*
FROM document_person
SEMI JOIN (FROM part_document WHERE part = $part) AS own USING (document_key);

CREATE TABLE part_of_county.main.client_period AS
SELECT client_period.rowid AS rowid, client_period.*
FROM client_period
SEMI JOIN (FROM part_document WHERE part = $part) AS own USING (document_key);

CREATE TABLE part_of_county.main.service_task_block AS
SELECT service_task_block.*
FROM service_task_block
SEMI JOIN (FROM part_document WHERE part = $part) AS own USING (document_key);

CREATE TABLE part_of_county.main.case_fact AS
SELECT case_fact.*
FROM case_fact
SEMI JOIN (FROM part_document WHERE part = $part) AS own USING (document_key);

CREATE TABLE part_of_county.main.service_evidence AS
SELECT service_evidence.*
FROM service_evidence
SEMI JOIN (FROM part_document WHERE part = $part) AS own USING (document_key);

CREATE TABLE part_of_county.main.document_task AS
SELECT document_task.*
FROM document_task
SEMI JOIN (FROM part_document WHERE part = $part) AS own USING (document_key);

CREATE TABLE part_of_county.main.frame AS
SELECT frame.rowid AS rowid, frame.*
FROM frame
SEMI JOIN (
    SELECT oid FROM part_document WHERE part = $part
    UNION
    SELECT oid FROM part_quarantine WHERE part = $part
) AS own USING (oid);

CREATE TABLE part_of_county.main.quarantine AS
SELECT quarantine.*
FROM quarantine
SEMI JOIN (FROM part_quarantine WHERE part = $part) AS own USING (member_key);

CREATE TABLE part_of_county.main.quarantine_person AS
SELECT quarantine_person.*
FROM quarantine_person
SEMI JOIN (FROM part_identity WHERE part = $part) AS own USING (identity_key);

CREATE TABLE part_of_county.main.person_identity AS
SELECT person_identity.*
FROM person_identity
SEMI JOIN (FROM part_identity WHERE part = $part) AS own USING (identity_key);

-- A row without a person, or of one that nothing knows, is of the first part.
CREATE TABLE part_of_county.main.register_episode AS
SELECT episode.rowid AS rowid, episode.*
FROM register_episode AS episode
LEFT JOIN part_identity USING (identity_key)
WHERE coalesce(part_identity.part, 1) = $part;

CREATE TABLE part_of_county.main.register_service AS
SELECT service.*
FROM register_service AS service
JOIN part_service ON part_service.service_no = service.rowid AND part_service.part = $part;

CREATE TABLE part_of_county.main.known_identity AS
SELECT known_identity.*
FROM known_identity
SEMI JOIN (FROM part_person WHERE part = $part) AS own USING (person_no);

CREATE TABLE part_of_county.main.person AS
SELECT person.*
FROM person
SEMI JOIN (FROM part_person WHERE part = $part) AS own USING (person_no);

CREATE TABLE part_of_county.main.numbered_document_identity AS
SELECT identity.*
FROM numbered_document_identity AS identity
SEMI JOIN (FROM part_person WHERE part = $part) AS own USING (person_no);

CREATE TABLE part_of_county.main.numbered_document_about AS
SELECT about.*
FROM numbered_document_about AS about
SEMI JOIN (FROM part_person WHERE part = $part) AS own USING (person_no);

CREATE TABLE part_of_county.main.named_together AS
SELECT named_together.*
FROM named_together
SEMI JOIN (FROM part_person WHERE part = $part) AS own USING (person_no);

CREATE TABLE part_of_county.main.restricted_person AS
SELECT restricted_person.*
FROM restricted_person
SEMI JOIN (FROM part_person WHERE part = $part) AS own USING (person_no);

CREATE TABLE part_of_county.main.restricted_document AS
SELECT restricted_document.*
FROM restricted_document
SEMI JOIN (FROM part_document WHERE part = $part) AS own USING (document_no);

CREATE TABLE part_of_county.main.document_acknowledgement AS
SELECT acknowledgement.*
FROM document_acknowledgement AS acknowledgement
SEMI JOIN (FROM part_document WHERE part = $part) AS own USING (document_no);

CREATE TABLE part_of_county.main.answered_frame AS
SELECT answered_frame.*
FROM answered_frame
SEMI JOIN (FROM part_document WHERE part = $part) AS own USING (oid);

-- What is the same for all.
CREATE TABLE part_of_county.main.run AS FROM run;

CREATE TABLE part_of_county.main.person_link AS FROM person_link;

CREATE TABLE part_of_county.main.organiser AS FROM organiser;

CREATE TABLE part_of_county.main.organiser_of AS FROM organiser_of;

CREATE TABLE part_of_county.main.service_task AS FROM service_task;

CREATE TABLE part_of_county.main.document_service_task AS FROM document_service_task;

CREATE TABLE part_of_county.main.task_number AS FROM task_number;

CREATE TABLE part_of_county.main.written_service_task AS FROM written_service_task;

CREATE TABLE part_of_county.main.text_key AS FROM text_key;
