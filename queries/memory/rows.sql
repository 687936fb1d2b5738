-- What is remembered of the ledger's rows.
SELECT
    ledger.source_id,
    ledger.identity_key,
    ledger.layer,
    ledger.service_task,
    ledger.organiser,
    ledger.unit,
    ledger.municipality,
    episode.start_text,
    episode.start_lo,
    episode.start_hi,
    episode.end_text,
    CASE WHEN episode.end_text IS NOT NULL THEN episode.end_lo END AS end_lo,
    CASE WHEN episode.end_text IS NOT NULL THEN episode.end_hi END AS end_hi,
    ledger.class
FROM ledger
JOIN episode USING (source_id)
ORDER BY ledger.source_id;
