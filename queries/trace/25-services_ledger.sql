-- Decisions and services of the register: the one asked for, or those of the person, and how they end in the period (class
-- null: the row does not belong to it).
SELECT
    service.source_id,
    coalesce(person_link.person_key, service.identity_key) AS person_key,
    service.kind,
    coalesce(ledger.service_task, service.service_task)    AS service_task,
    service.social_service,
    service.organiser,
    service.decided_text                                   AS decided,
    service.start_text                                     AS start,
    service.end_text                                       AS end,
    ledger.class,
    ledger.reason,
    coalesce(ledger.documents, [])                         AS documents,
    service.file,
    service.row
FROM register_service AS service
LEFT JOIN person_link USING (identity_key)
LEFT JOIN service_ledger AS ledger USING (source_id)
WHERE service.source_id = (SELECT id FROM traced)
   OR coalesce(person_link.person_key, service.identity_key) IN (SELECT person_key FROM traced_person)
ORDER BY service.source_id;
