-- Archived episodes that the register does not know, by document and date: an order that two databases share.
SELECT person_key, layer, service_task, start, "end", documents
FROM archived_only
ORDER BY documents, layer, service_task, start, "end" NULLS LAST, person_key;
