-- The last step before the files: identifiers come to the rows of the profile (`profile_row`), in the rows' order, and
-- the source_id as the register wrote it, where that holds an identifier (`shown_source_id`: what the memory knows it by).
-- The birth date is the row's own, else that of the newest current document of the same identifier, else what a database of
-- before remembers.
WITH documented AS (
    SELECT
        document_person.identity_key,
        -- total: of several that were told on one day the earliest
        arg_min(
            document_person.birth_date,
            (date_diff('day', standing.stored_on, DATE '9999-12-31'), document_person.birth_date)
        ) AS birth_date
    FROM document_person
    JOIN document_standing AS standing USING (document_key)
    WHERE standing.standing = 'current' AND document_person.birth_date IS NOT NULL
    GROUP BY document_person.identity_key
)
SELECT
    profile_row.* EXCLUDE (ordinal) REPLACE (coalesce(raw.value, profile_row.source_id) AS source_id),
    profile_row.source_id        AS shown_source_id,
    identity.value               AS person_id,
    identity.root                AS person_id_root,
    coalesce(written.birth_date, documented.birth_date, identity.birth_date)::VARCHAR AS birth_date
FROM profile_row
LEFT JOIN person_identity AS identity ON identity.identity_key = profile_row.identity_key
LEFT JOIN register_episode AS written
    ON  written.source_id = profile_row.source_id
    AND written.identity_key = profile_row.identity_key
LEFT JOIN documented ON documented.identity_key = profile_row.identity_key
LEFT JOIN person_identity AS raw ON raw.identity_key = profile_row.source_id AND raw.root = 'source-id'
ORDER BY profile_row.ordinal;
