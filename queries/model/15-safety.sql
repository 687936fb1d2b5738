-- Persons under a safety restriction (turvakielto): no later step tells their municipality, unit or producer.
-- A restriction holds for the period unless it is known to have ended before the period began: no clock is asked, and
-- documents count whatever the as-of date is. Of the versions of one set the newest that says anything counts; what
-- another set says does not lift it. It holds for every identity of the person, and for identities that some document
-- names as the same client.
CREATE OR REPLACE TEMP TABLE restricted_person AS
WITH ever AS (
    SELECT DISTINCT identity.person_no
    FROM document_person
    JOIN known_identity AS identity USING (identity_key)
    WHERE document_person.safety_restricted
),
newest AS (
    SELECT
        identity.person_no,
        document_person.safety_restricted,
        document_person.safety_ends
    FROM document_person
    JOIN known_identity AS identity USING (identity_key)
    SEMI JOIN ever ON ever.person_no = identity.person_no
    JOIN document USING (document_key)
    WHERE document_person.safety_restricted IS NOT NULL
    QUALIFY document.version = max(document.version) OVER (PARTITION BY identity.person_no, document.set_id)
),
told AS (
    SELECT person_no, safety_ends
    FROM newest
    WHERE safety_restricted
    UNION ALL
    SELECT identity.person_no, NULL
    FROM quarantine_person
    JOIN known_identity AS identity USING (identity_key)
    WHERE quarantine_person.safety_restricted
    UNION ALL
    SELECT identity.person_no, NULL
    FROM register_episode AS episode
    JOIN known_identity AS identity USING (identity_key)
    WHERE episode.safety_restricted
),
holding AS (
    SELECT told.person_no
    FROM told
    CROSS JOIN run
    WHERE coalesce(told.safety_ends >= run.period_start, true)
),
restricted AS (
    SELECT person_no FROM holding
    UNION
    SELECT named_together.also_no FROM named_together SEMI JOIN holding USING (person_no)
)
SELECT DISTINCT identity.person_no, identity.person_key
FROM known_identity AS identity
SEMI JOIN restricted USING (person_no);

-- Documents that name such a person, alone or with others.
CREATE OR REPLACE TEMP TABLE restricted_document AS
SELECT DISTINCT about.document_no, document.document_key
FROM (
    SELECT document_no, person_no FROM numbered_document_about
    UNION ALL
    SELECT document_no, person_no FROM numbered_bystander
    UNION ALL
    SELECT copy.document_no, about.person_no
    FROM document_copy AS copy
    JOIN document AS told_of ON told_of.document_key = copy.first_key
    JOIN numbered_document_about AS about ON about.document_no = told_of.rowid
) AS about
SEMI JOIN restricted_person USING (person_no)
JOIN document ON document.rowid = about.document_no;
