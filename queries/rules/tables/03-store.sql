-- What rules may see of the store: everything but identifiers, birth dates and the key of the hashes. After this step
-- the store itself is detached, so a rule that asks for more finds nothing. Of a document in several spellings they see one.
CREATE OR REPLACE TEMP VIEW document AS
SELECT * EXCLUDE (document_no, stored_on, standing, has_versions, current_at_last, match_organiser, in_scope)
FROM numbered_document;

CREATE OR REPLACE TEMP TABLE member AS FROM main.member;
-- Birth dates stay outside; what a rule may know is whether the date that a record tells fits its henkilötunnus. Null: it
-- tells none, or the identifier has none.
CREATE OR REPLACE TEMP TABLE document_person AS
SELECT
    person.* EXCLUDE (birth_date),
    born_by_identifier(identity.root, identity.value) = person.birth_date AS birth_date_fits
FROM main.document_person AS person
ANTI JOIN document_copy USING (document_key)
LEFT JOIN main.person_identity AS identity USING (identity_key);

CREATE OR REPLACE TEMP TABLE service_task_block AS
FROM main.service_task_block ANTI JOIN document_copy USING (document_key);
CREATE OR REPLACE TEMP TABLE client_period AS
FROM main.client_period ANTI JOIN document_copy USING (document_key);
CREATE OR REPLACE TEMP TABLE case_fact AS
FROM main.case_fact ANTI JOIN document_copy USING (document_key);
CREATE OR REPLACE TEMP TABLE service_evidence AS
FROM main.service_evidence ANTI JOIN document_copy USING (document_key);
CREATE OR REPLACE TEMP TABLE document_task AS
FROM main.document_task ANTI JOIN document_copy USING (document_key);
CREATE OR REPLACE TEMP TABLE content_identity AS
FROM main.content_identity ANTI JOIN document_copy USING (document_key);
-- Documents whose content was held against definitions.
CREATE OR REPLACE TEMP TABLE content_checked AS
SELECT DISTINCT member.content_hash AS document_key
FROM main.member
SEMI JOIN (FROM main.file_validation WHERE content IS NOT NULL) AS checked USING (file_key)
WHERE member.outcome = 'document';

CREATE OR REPLACE TEMP TABLE frame AS FROM main.frame;
CREATE OR REPLACE TEMP TABLE quarantine AS FROM main.quarantine;
CREATE OR REPLACE TEMP TABLE quarantine_person AS FROM main.quarantine_person;
CREATE OR REPLACE TEMP TABLE register_episode AS
WITH dated AS (
    SELECT
        episode.*,
        born_by_identifier(identity.root, identity.value)                               AS born_by_identifier,
        coalesce(episode.birth_date, born_by_identifier(identity.root, identity.value)) AS born
    FROM main.register_episode AS episode
    LEFT JOIN main.person_identity AS identity USING (identity_key)
)
SELECT
    dated.* EXCLUDE (birth_date, born_by_identifier, born, carried),
    dated.born_by_identifier = dated.birth_date                AS birth_date_fits,
    dated.born IS NOT NULL                                     AS birth_date_known,
    dated.start_hi < dated.born                                AS starts_before_birth,
    dated.start_lo >= dated.born + INTERVAL 18 YEAR            AS starts_of_age,
    least(coalesce(dated.end_lo, run.open_end), run.period_end) > dated.born + INTERVAL 18 YEAR AS goes_on_of_age
FROM dated
CROSS JOIN run;

CREATE OR REPLACE TEMP TABLE register_service AS SELECT * EXCLUDE (carried) FROM main.register_service;
CREATE OR REPLACE TEMP TABLE register_population AS FROM main.register_population;
CREATE OR REPLACE TEMP TABLE register_identity AS FROM main.register_identity;
CREATE OR REPLACE TEMP TABLE register_code AS FROM main.register_code;
CREATE OR REPLACE TEMP TABLE register_period AS FROM main.register_period;
CREATE OR REPLACE TEMP TABLE register_reference AS FROM main.register_reference;
CREATE OR REPLACE TEMP TABLE register_unit AS FROM main.register_unit;
CREATE OR REPLACE TEMP TABLE register_error AS FROM main.register_error;
CREATE OR REPLACE TEMP TABLE register_load AS SELECT number, kind, reader FROM main.register_load;
