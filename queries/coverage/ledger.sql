-- The ledger of the classes asked for ($classes, empty = all), by source_id.
SELECT
    source_id, person_key, layer, service_task, organiser, unit, municipality, start, "end", class, reasons,
    days_expected, days_archived, documents
FROM ledger
WHERE len($classes::VARCHAR[]) = 0 OR list_contains($classes::VARCHAR[], class)
ORDER BY source_id;
