-- What the ID stands for, and which documents and persons are told of.
CREATE OR REPLACE TEMP TABLE traced_row AS
SELECT source_id, person_key FROM register_row WHERE source_id = (SELECT id FROM traced);

CREATE OR REPLACE TEMP TABLE traced_service AS
SELECT source_id, coalesce(person_link.person_key, service.identity_key) AS person_key
FROM register_service AS service
LEFT JOIN person_link USING (identity_key)
WHERE source_id = (SELECT id FROM traced);

CREATE OR REPLACE TEMP TABLE traced_document AS
SELECT document_key, oid FROM document WHERE oid = (SELECT id FROM traced) OR set_id = (SELECT id FROM traced);

CREATE OR REPLACE TEMP TABLE traced_quarantine AS
SELECT member_key FROM quarantine WHERE oid = (SELECT id FROM traced) OR set_id = (SELECT id FROM traced);

CREATE OR REPLACE TEMP TABLE traced_person AS
WITH known AS (
    SELECT identity_key FROM document_person
    UNION
    SELECT identity_key FROM register_episode
    UNION
    SELECT identity_key FROM register_service
    UNION
    SELECT identity_key FROM quarantine_person
)
SELECT DISTINCT coalesce(person_link.person_key, known.identity_key) AS person_key
FROM known
LEFT JOIN person_link USING (identity_key)
WHERE coalesce(person_link.person_key, known.identity_key) = (SELECT id FROM traced) OR known.identity_key = (SELECT id FROM traced);

-- The documents to tell of: the one asked for with its set, or all of the person.
CREATE OR REPLACE TEMP TABLE told_document AS
SELECT document.document_key, document.oid, document.set_id
FROM document
SEMI JOIN (
    SELECT sibling.document_key
    FROM traced_document
    JOIN document AS asked USING (document_key)
    JOIN document AS sibling ON sibling.set_id = asked.set_id
    UNION
    SELECT document_key
    FROM document_about
    SEMI JOIN (
        SELECT person_key FROM traced_row
        UNION
        SELECT person_key FROM traced_service
        UNION
        SELECT person_key FROM traced_person
    ) USING (person_key)
) AS wanted USING (document_key)
-- What a document says in several spellings is told once; its files are told all.
ANTI JOIN document_copy USING (document_key);

CREATE OR REPLACE TEMP TABLE told_person AS
SELECT person_key FROM traced_row
UNION
SELECT person_key FROM traced_service
UNION
SELECT person_key FROM traced_person;
