-- The ledger, one row each register row of the period, with its days as dates. $reveal: also the identifiers that the
-- register gave, and the source_id as it wrote it.
SELECT
    CASE WHEN $reveal THEN coalesce(raw.value, ledger.source_id) ELSE ledger.source_id END AS source_id,
    ledger.person_key,
    CASE WHEN $reveal THEN identity.value END                      AS person_id,
    CASE WHEN $reveal THEN identity.root END                       AS person_id_root,
    ledger.layer,
    ledger.service_task,
    task_name.name_fi                                              AS service_task_name_fi,
    task_name.name_sv                                              AS service_task_name_sv,
    ledger.organiser,
    ledger.unit,
    ledger.producer,
    ledger.municipality,
    ledger.age_group,
    ledger.start,
    row.start_lo,
    row.start_hi,
    ledger."end",
    nullif(row.end_lo, run.open_end)                               AS end_lo,
    nullif(row.end_hi, run.open_end)                               AS end_hi,
    ledger.class,
    ledger.reasons,
    ledger.days_expected::BIGINT                                   AS days_expected,
    ledger.days_archived::BIGINT                                   AS days_archived,
    coalesce(row_documents.documents, [])                          AS documents,
    -- A team or a worker tells where somebody lives: nothing is told of the restricted.
    CASE WHEN restricted.person_no IS NULL THEN episode.carried END AS carried
FROM ledger_row AS ledger
CROSS JOIN run
JOIN numbered_row AS row USING (row_no)
JOIN register_episode AS episode ON episode.rowid = ledger.row_no
LEFT JOIN restricted_person AS restricted ON restricted.person_no = ledger.person_no
LEFT JOIN row_documents USING (row_no)
LEFT JOIN service_task AS task_name ON task_name.service_task = ledger.service_task
LEFT JOIN person_identity AS identity ON identity.identity_key = ledger.identity_key
LEFT JOIN person_identity AS raw ON raw.identity_key = ledger.source_id AND raw.root = 'source-id'
ORDER BY ledger.source_id;
