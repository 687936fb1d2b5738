-- Everybody of whom nothing is known that reaches the day $before or lies after it; what is joined by identities rows is one person.
-- Leaves `asked_identity`. In doubt somebody stays: an open row, a date that cannot be read, a document without a moment.
CREATE OR REPLACE TEMP TABLE known_of AS
WITH of_register AS (
    SELECT identity_key, CASE WHEN end_text IS NULL THEN true ELSE coalesce(end_hi >= $before, true) END AS reaches
    FROM register_episode
    UNION ALL
    SELECT
        identity_key,
        -- A decision ends with its day where nothing else is said; a service goes on until it has an end.
        CASE
            WHEN end_text IS NOT NULL THEN coalesce(end_hi >= $before, true)
            WHEN kind = 'service' THEN true
            ELSE coalesce(greatest(decided_hi, start_hi) >= $before, true)
        END
    FROM register_service
    UNION ALL
    SELECT identity_key, coalesce(last_day >= $before, true)
    FROM register_refused
    UNION ALL
    SELECT delivery_row.identity_key, delivery.period_end >= $before
    FROM delivery_row
    JOIN delivery USING (number)
),
of_archive AS (
    SELECT person.identity_key, coalesce(greatest(document.effective_at, document.created_at) >= $before, true) AS reaches
    FROM document_person AS person
    JOIN document USING (document_key)
    UNION ALL
    SELECT person.identity_key, coalesce(greatest(quarantine.stored_at) >= $before, true)
    FROM quarantine_person AS person
    JOIN quarantine USING (member_key)
)
SELECT identity_key, reaches, true AS of_register FROM of_register WHERE identity_key IS NOT NULL
UNION ALL
SELECT identity_key, reaches, false FROM of_archive WHERE identity_key IS NOT NULL;

-- Whom the register has is open as the register says. Of everybody else the archive tells: by the newest version of each set.
CREATE OR REPLACE TEMP TABLE still_archived AS
WITH newest AS (
    SELECT document_key, relationship_end_text, relationship_end_hi
    FROM document
    -- total: versions of one number that differ stand beside each other
    QUALIFY rank() OVER (PARTITION BY coalesce(set_id, document_key) ORDER BY version DESC NULLS LAST) = 1
)
SELECT DISTINCT person.identity_key
FROM client_period AS period
JOIN newest USING (document_key)
JOIN document_person AS person USING (document_key)
WHERE coalesce(
    CASE
        WHEN period.end_text IS NOT NULL THEN period.end_hi >= $before
        WHEN newest.relationship_end_text IS NOT NULL THEN newest.relationship_end_hi >= $before
        ELSE true
    END,
    true
);

CREATE OR REPLACE TEMP TABLE asked_identity AS
WITH RECURSIVE registered (identity_key) AS (
    SELECT identity_key FROM known_of WHERE of_register
    UNION
    SELECT same.there FROM registered JOIN same_identity AS same ON same.here = registered.identity_key
),
staying (identity_key) AS (
    SELECT identity_key FROM known_of WHERE reaches
    UNION
    SELECT identity_key FROM still_archived WHERE identity_key NOT IN (FROM registered)
    UNION
    SELECT same.there FROM staying JOIN same_identity AS same ON same.here = staying.identity_key
)
SELECT DISTINCT identity_key
FROM known_of
WHERE identity_key NOT IN (FROM staying);
