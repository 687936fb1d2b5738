-- What an ID can be: a register row (of the period or not), a document, or a person_key. Whole or its beginning.
WITH hit AS (
    SELECT 'row' AS kind, source_id AS id, class AS told, 1 AS rank
    FROM ledger_row
    WHERE starts_with(source_id, $sought)
    UNION ALL
    SELECT 'other-period', register_row.source_id, NULL, 2
    FROM register_row
    ANTI JOIN ledger_row USING (source_id)
    WHERE starts_with(register_row.source_id, $sought)
    UNION ALL
    SELECT 'document', document.oid, document_standing.standing, 3
    FROM document
    JOIN document_standing USING (document_key)
    WHERE starts_with(document.oid, $sought) OR document.set_id = $sought
    UNION ALL
    SELECT 'person', person_key, NULL, 4
    FROM (
        SELECT person_key FROM register_row WHERE starts_with(person_key, $sought)
        UNION
        SELECT person_key FROM document_about WHERE starts_with(person_key, $sought)
    )
    WHERE len($sought) >= 4
)
SELECT kind, id, told
FROM hit
ORDER BY id <> $sought, rank, id, told
-- total: every column stands in the order
LIMIT $page;
