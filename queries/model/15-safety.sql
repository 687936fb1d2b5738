-- Persons under a safety restriction (turvakielto): no later step tells their municipality, unit or producer.
-- A restriction holds for the period unless it is known to have ended before the period began: no clock is asked, and
-- documents count whatever the as-of date is. Of the versions of one set the newest that says anything counts; what
-- another set says does not lift it. It holds for every identity of the person, and for identities that some document
-- names as the same client.
CREATE OR REPLACE TEMP TABLE restricted_person AS
WITH ever AS (
    SELECT DISTINCT document_identity.person_key
    FROM document_person
    JOIN document_identity USING (document_key, identity_key)
    WHERE document_person.safety_restricted
),
newest AS (
    SELECT
        document_identity.person_key,
        document_person.safety_restricted,
        document_person.safety_ends
    FROM document_identity
    SEMI JOIN ever USING (person_key)
    JOIN document_person USING (document_key, identity_key)
    JOIN document USING (document_key)
    WHERE document_person.safety_restricted IS NOT NULL
    QUALIFY document.version = max(document.version) OVER (PARTITION BY document_identity.person_key, document.set_id)
),
told AS (
    SELECT person_key, safety_ends
    FROM newest
    WHERE safety_restricted
    UNION ALL
    SELECT coalesce(person_link.person_key, quarantine_person.identity_key), NULL
    FROM quarantine_person
    LEFT JOIN person_link USING (identity_key)
    WHERE quarantine_person.safety_restricted
    UNION ALL
    SELECT coalesce(person_link.person_key, episode.identity_key), NULL
    FROM register_episode AS episode
    LEFT JOIN person_link USING (identity_key)
    WHERE episode.safety_restricted
),
holding AS (
    SELECT DISTINCT told.person_key
    FROM told
    CROSS JOIN run
    WHERE coalesce(told.safety_ends >= run.period_start, true)
)
SELECT person_key FROM holding
UNION
SELECT named_together.also_key FROM named_together SEMI JOIN holding USING (person_key);

-- Documents about such a person, alone or with others.
CREATE OR REPLACE TEMP TABLE restricted_document AS
SELECT DISTINCT document_key
FROM document_about
SEMI JOIN restricted_person USING (person_key);
