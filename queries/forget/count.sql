-- How many persons are forgotten: identities that lead to one another are one.
WITH RECURSIVE led (first, identity_key) AS (
    SELECT identity_key, identity_key FROM forgotten_identity
    UNION
    SELECT led.first, same.there FROM led JOIN same_identity AS same ON same.here = led.identity_key
),
lowest AS (
    SELECT first, min(identity_key) AS person
    FROM led
    GROUP BY first
)
SELECT count(DISTINCT person) FROM lowest;
