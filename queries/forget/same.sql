-- Which identities are of one person: those that identities rows join, and a henkilötunnus under any root. Each pair both ways.
CREATE OR REPLACE TEMP TABLE same_identity AS
SELECT identity_key AS here, same_as_key AS there FROM register_identity
UNION
SELECT same_as_key, identity_key FROM register_identity
UNION
SELECT one.identity_key, other.identity_key
FROM person_identity AS one
JOIN person_identity AS other USING (value)
WHERE one.identity_key <> other.identity_key
  AND one.root <> 'source-id' AND other.root <> 'source-id'
  AND regexp_full_match(value, '[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]');
