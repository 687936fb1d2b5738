-- Reasons of the ledger's rows, one row each, most telling first.
SELECT
    ledger.source_id,
    ledger.layer,
    ledger.service_task,
    ledger.class,
    told.place::INTEGER        AS place,
    ledger.reasons[told.place] AS reason
FROM ledger_row AS ledger
CROSS JOIN (SELECT unnest(range(1, len(reason_names()) + 1)) AS place) AS told
WHERE told.place <= len(ledger.reasons)
ORDER BY ledger.source_id, told.place;
