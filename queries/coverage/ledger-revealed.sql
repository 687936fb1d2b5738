-- The ledger with the identifiers that the register gave ($classes, empty = all), by source_id.
SELECT
    coalesce(raw.value, ledger.source_id) AS source_id, ledger.person_key, identity.value AS person_id, identity.root AS person_id_root, ledger.layer,
    ledger.service_task, ledger.organiser, ledger.unit, ledger.municipality, ledger.start, ledger."end", ledger.class,
    ledger.reasons, ledger.days_expected, ledger.days_archived, ledger.documents
FROM ledger
LEFT JOIN person_identity AS identity ON identity.identity_key = ledger.identity_key
LEFT JOIN person_identity AS raw ON raw.identity_key = ledger.source_id AND raw.root = 'source-id'
WHERE len($classes::VARCHAR[]) = 0 OR list_contains($classes::VARCHAR[], ledger.class)
ORDER BY ledger.source_id;
