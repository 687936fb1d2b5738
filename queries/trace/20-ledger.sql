-- How those rows end in the period.
SELECT source_id, class, reasons, days_expected, days_archived, documents
FROM ledger
WHERE source_id = (SELECT id FROM traced) OR person_key IN (SELECT person_key FROM traced_person)
ORDER BY source_id;
