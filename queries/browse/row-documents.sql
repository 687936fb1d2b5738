-- Documents of a row's person, newest set first; those on which the row rests before the others.
WITH asked AS (
    SELECT person_key, documents FROM browsed_row WHERE source_id = $source_id
)
SELECT
    document.oid,
    document.kind,
    document.version,
    document_standing.standing,
    document_standing.stored_on,
    list_contains(asked.documents, document.oid) AS rests
FROM asked
JOIN document_about USING (person_key)
JOIN document USING (document_key)
JOIN document_standing USING (document_key)
ORDER BY rests DESC, document.kind <> 'client-relationship', document_standing.stored_on DESC NULLS LAST, document.oid,
    document.document_key
-- total: a document has one key
LIMIT 200;
