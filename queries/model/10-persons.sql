-- Who is one person: identities joined by identities rows, followed as far as they lead.
-- person_link has a row only for identities that such a row names; all others are persons of their own.
CREATE OR REPLACE TEMP TABLE person_link AS
WITH RECURSIVE edge AS (
    SELECT identity_key AS here, same_as_key AS there FROM register_identity
    UNION
    SELECT same_as_key, identity_key FROM register_identity
),
node AS (
    -- A henkilötunnus is preferred to show the person, then the smallest key.
    SELECT
        edge.here AS identity_key,
        min(CASE WHEN identity.root = '1.2.246.21' THEN '0' ELSE '1' END) || edge.here AS label
    FROM edge
    LEFT JOIN person_identity AS identity ON identity.identity_key = edge.here
    GROUP BY edge.here
),
component (identity_key, label) USING KEY (identity_key) AS (
    SELECT identity_key, label FROM node
    UNION
    SELECT known.identity_key, min(component.label)
    FROM component
    JOIN edge ON edge.here = component.identity_key
    JOIN recurring.component AS known ON known.identity_key = edge.there
    WHERE component.label < known.label
    GROUP BY known.identity_key
)
SELECT identity_key, label[2:] AS person_key
FROM component;

-- Which documents are about which person, by which identity. Of the identities that one client of a document has,
-- one leads: the header's before the content's, a henkilötunnus before a temporary identifier.
CREATE OR REPLACE TEMP TABLE document_identity AS
SELECT
    document_person.document_key,
    document_person.identity_key,
    document_person.slot,
    coalesce(person_link.person_key, document_person.identity_key) AS person_key,
    row_number() OVER (
        PARTITION BY document_person.document_key, document_person.slot
        ORDER BY
            min(CASE document_person.origin WHEN 'header' THEN 0 ELSE 1 END),
            min(CASE identity.root WHEN '1.2.246.21' THEN 0 ELSE 1 END),
            document_person.identity_key
    ) = 1 AS leads
FROM document_person
LEFT JOIN person_link USING (identity_key)
LEFT JOIN person_identity AS identity USING (identity_key)
GROUP BY document_person.document_key, document_person.identity_key, document_person.slot, person_link.person_key;

CREATE OR REPLACE TEMP TABLE document_about AS
SELECT document_key, person_key, bool_or(leads) AS leads
FROM document_identity
GROUP BY document_key, person_key;

-- Persons whom some document names as one client, without an identities row that says so: never merged, but an
-- archived episode of the one is not missing from the register when the other has a row.
CREATE OR REPLACE TEMP TABLE named_together AS
SELECT DISTINCT one.person_key, other.person_key AS also_key
FROM document_identity AS one
JOIN document_identity AS other USING (document_key, slot)
WHERE one.person_key <> other.person_key;

-- Age group of a person on the first day of the period. A birth date that stands in a record wins over the
-- one inside the henkilötunnus.
CREATE OR REPLACE TEMP TABLE person_age AS
WITH born AS (
    SELECT
        coalesce(person_link.person_key, identity.identity_key) AS person_key,
        coalesce(
            identity.birth_date,
            CASE
                WHEN identity.root = '1.2.246.21' AND regexp_full_match(identity.value, '\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]')
                THEN try_strptime(
                    identity.value[1:4]
                    || CASE
                        WHEN identity.value[7] = '+' THEN '18'
                        WHEN contains('-YXWVU', identity.value[7]) THEN '19'
                        ELSE '20'
                    END
                    || identity.value[5:6],
                    '%d%m%Y'
                )::DATE
            END
        ) AS birth_date,
        identity.root = '1.2.246.21' AS national
    FROM person_identity AS identity
    LEFT JOIN person_link USING (identity_key)
),
person AS (
    SELECT person_key, first(birth_date ORDER BY national DESC, birth_date) AS birth_date
    FROM born
    WHERE birth_date IS NOT NULL
    GROUP BY person_key
)
SELECT
    person.person_key,
    CASE
        WHEN date_sub('year', person.birth_date, run.period_start) < 18 THEN '0-17'
        WHEN date_sub('year', person.birth_date, run.period_start) < 65 THEN '18-64'
        WHEN date_sub('year', person.birth_date, run.period_start) < 75 THEN '65-74'
        WHEN date_sub('year', person.birth_date, run.period_start) < 85 THEN '75-84'
        ELSE '85+'
    END AS age_group
FROM person
CROSS JOIN run;
