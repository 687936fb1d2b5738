-- Who is one person by the identities rows that are in force, followed as far as they lead. Identities that no such row
-- names are not in it: each is a person of its own.
CREATE OR REPLACE TEMP TABLE joined_person AS
WITH RECURSIVE edge AS (
    SELECT identity_key AS here, same_as_key AS there FROM register_identity
    UNION
    SELECT same_as_key, identity_key FROM register_identity
),
component (identity_key, person) USING KEY (identity_key) AS (
    SELECT here, min(here) FROM edge GROUP BY here
    UNION
    SELECT known.identity_key, min(component.person)
    FROM component
    JOIN edge ON edge.here = component.identity_key
    JOIN recurring.component AS known ON known.identity_key = edge.there
    WHERE component.person < known.person
    GROUP BY known.identity_key
)
SELECT identity_key, person FROM component;
