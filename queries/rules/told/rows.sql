-- Failing rows of one rule (`batch_found`) as they are told, in their order: where a safety-restricted person lives is
-- not told, and a row that names no file has that of its document.
WITH restricted AS (
    SELECT DISTINCT person_key FROM restricted_person
),
told AS (
    SELECT
        found.subject,
        found.person_key,
        found.service_task,
        CASE WHEN restricted.person_key IS NULL THEN found.municipality END AS municipality,
        found.document,
        found.place,
        coalesce(nullif(found.file, ''), lying.file)                        AS file
    FROM batch_found AS found
    LEFT JOIN restricted USING (person_key)
    LEFT JOIN document_file AS lying ON lying.oid = coalesce(found.document, '')
)
SELECT *
FROM told
ORDER BY
    coalesce(subject, ''), coalesce(person_key, ''), coalesce(service_task, ''), coalesce(municipality, ''),
    coalesce(document, ''), coalesce(place, ''), coalesce(file, '');
