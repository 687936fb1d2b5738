-- A page of what a rule found.
SELECT code, subject, person_key, service_task, municipality, document, place
FROM rule_finding
WHERE code = $code
ORDER BY subject, document, place, service_task, municipality, person_key
-- total: every column stands in the order
LIMIT $page OFFSET $skip;
