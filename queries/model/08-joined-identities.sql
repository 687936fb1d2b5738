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
