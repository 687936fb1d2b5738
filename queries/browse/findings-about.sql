-- What rules found about a register row or a document.
SELECT code, subject, person_key, service_task, municipality, document, place
FROM rule_finding
WHERE subject = $id OR document = $id
ORDER BY code, subject, document, place, service_task, municipality, person_key
-- total: every column stands in the order
LIMIT $page;
