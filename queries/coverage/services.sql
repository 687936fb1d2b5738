-- The services ledger of the classes asked for ($classes, empty = all), by source_id.
SELECT
    ledger.source_id, ledger.person_key, identity.value AS person_id, identity.root AS person_id_root, ledger.kind,
    ledger.service_task, ledger.social_service, ledger.organiser, ledger.decided, ledger.start, ledger."end",
    ledger.class, ledger.reason, ledger.documents
FROM service_ledger AS ledger
LEFT JOIN person_identity AS identity USING (identity_key)
WHERE len($classes::VARCHAR[]) = 0 OR list_contains($classes::VARCHAR[], ledger.class)
ORDER BY ledger.source_id;
