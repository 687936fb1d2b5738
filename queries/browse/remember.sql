-- Keep what the rule $code found.
INSERT INTO rule_finding
SELECT $code, subject, person_key, service_task, municipality, document, place
FROM found_batch;
