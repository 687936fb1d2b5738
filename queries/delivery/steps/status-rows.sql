-- Each row with its status; identifiers are not here.
SELECT part, source_id, status, class, differs, layer, kind, service_task, organiser, start, "end", number AS delivery, former_source_id
FROM delivery_status
ORDER BY part, source_id;
