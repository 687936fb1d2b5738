-- Failing rows of rules (`batch_found`, by the number of their `rule`) as they are told, in their order: where a safety-restricted person lives is
-- not told, and a row that names no file has that of its document, or of the register row that it is about. `neutral` is
-- the subject without what follows the database's secret, where it has any: what machine formats call it.
WITH restricted AS (
    SELECT DISTINCT person_key FROM restricted_person
),
told AS (
    SELECT
        found.rule,
        found.subject,
        found.person_key,
        found.service_task,
        CASE WHEN restricted.person_key IS NULL THEN found.municipality END AS municipality,
        found.document,
        regexp_replace(found.place, '\[id-[0-9a-f]{16}\]', '[id]', 'g')   AS place,
        coalesce(nullif(found.file, ''), lying.file, placed.file)         AS file,
        CASE WHEN coalesce(nullif(found.file, ''), lying.file) IS NULL THEN placed.row END::VARCHAR AS line,
        -- A user's rule may put a key or a row's name into a longer text.
        coalesce(
            neutral_name.name,
            regexp_replace(
                coalesce(replace(found.subject, found.person_key, '[person]'), found.subject),
                '\[id-[0-9a-f]{16}\]', '[id]', 'g'
            )
        )                                                                  AS neutral
    FROM batch_found AS found
    LEFT JOIN restricted USING (person_key)
    LEFT JOIN document_file AS lying ON lying.oid = coalesce(found.document, '')
    LEFT JOIN register_place AS placed ON placed.source_id = found.subject
    LEFT JOIN neutral_name ON neutral_name.source_id = found.subject
)
SELECT
    * REPLACE (CASE WHEN neutral <> subject THEN neutral END AS neutral),
    -- Known when all rules have run.
    NULL::VARCHAR AS follows_from
FROM told
ORDER BY
    rule,
    -- The mark of a text that may name somebody follows the secret as well: order is by the rest first.
    coalesce(regexp_replace(told.neutral, 'text-[0-9a-f]{16}', '[text]', 'g'), ''),
    coalesce(regexp_replace(service_task, 'text-[0-9a-f]{16}', '[text]', 'g'), ''), coalesce(municipality, ''), coalesce(document, ''),
    coalesce(place, ''), coalesce(file, ''), coalesce(line, ''),
    coalesce(told.subject, ''), coalesce(service_task, ''), coalesce(person_key, '');
