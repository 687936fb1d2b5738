-- Whose identities bear a name ($name): an identifier ($value, as it is kept; null: it was no identifier that is asked by),
-- a person_key, or a source_id as it is shown.
CREATE OR REPLACE TEMP TABLE asked_identity AS
WITH known AS (
    SELECT identity_key FROM person_identity WHERE root <> 'source-id'
    UNION
    SELECT identity_key FROM document_person
    UNION
    SELECT identity_key FROM quarantine_person
    UNION
    SELECT identity_key FROM register_episode
    UNION
    SELECT identity_key FROM register_service
    UNION
    SELECT identity_key FROM delivery_row
    UNION
    SELECT identity_key FROM remembered_row
),
named AS (
    SELECT identity_key FROM known WHERE identity_key = $name
    UNION
    SELECT identity_key FROM person_identity WHERE root <> 'source-id' AND value = $value
    UNION
    SELECT identity_key FROM register_episode WHERE source_id = $name
    UNION
    SELECT identity_key FROM register_service WHERE source_id = $name
    UNION
    SELECT identity_key FROM register_refused WHERE source_id = $name
    UNION
    SELECT identity_key FROM delivery_row WHERE source_id = $name
    UNION
    SELECT identity_key FROM remembered_row WHERE source_id = $name
)
SELECT identity_key FROM named WHERE identity_key IS NOT NULL;
