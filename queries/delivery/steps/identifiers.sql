-- The last step before the files: identifiers come to the rows of the profile (`profile_row`), in the rows' order, and
-- the source_id as the register wrote it, where that holds an identifier (`shown_source_id`: what the memory knows it by).
SELECT
    profile_row.* EXCLUDE (ordinal) REPLACE (coalesce(raw.value, profile_row.source_id) AS source_id),
    profile_row.source_id        AS shown_source_id,
    identity.value               AS person_id,
    identity.root                AS person_id_root,
    identity.birth_date::VARCHAR AS birth_date
FROM profile_row
LEFT JOIN person_identity AS identity ON identity.identity_key = profile_row.identity_key
LEFT JOIN person_identity AS raw ON raw.identity_key = profile_row.source_id AND raw.root = 'source-id'
ORDER BY profile_row.ordinal;
