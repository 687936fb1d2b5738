-- As `carried.sql`, of the rows of `services.sql`.
WITH restricted AS (
    SELECT DISTINCT identity.identity_key
    FROM restricted_person
    JOIN known_identity AS identity USING (person_no)
)
SELECT CASE WHEN restricted.identity_key IS NULL THEN service.carried END AS carried
FROM service_ledger AS ledger
JOIN register_service AS service USING (source_id)
LEFT JOIN restricted ON restricted.identity_key = ledger.identity_key
WHERE len($classes::VARCHAR[]) = 0 OR list_contains($classes::VARCHAR[], ledger.class)
ORDER BY ledger.source_id;
