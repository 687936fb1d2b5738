-- A page of what a rule found.
SELECT code, subject, person_key, service_task, municipality, document, place
FROM rule_finding
WHERE code = $code
ORDER BY subject, document, place
LIMIT $page OFFSET $skip;
