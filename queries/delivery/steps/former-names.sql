-- The names that rows had ($names), as the register wrote them, where they hold an identifier and stand by its mask.
SELECT identity_key, value
FROM person_identity
WHERE root = 'source-id' AND list_contains($names::VARCHAR[], identity_key);
