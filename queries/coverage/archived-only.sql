-- Archived episodes that the register does not know, by person and date.
SELECT person_key, layer, service_task, start, "end", documents
FROM archived_only
ORDER BY person_key, layer, service_task, start, "end" NULLS LAST, documents;
