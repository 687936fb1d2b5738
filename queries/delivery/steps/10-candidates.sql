-- Every row that a delivery could be about: episodes of the ledger, and supplementary services of theirs.
CREATE OR REPLACE TEMP VIEW delivery_candidate AS
SELECT
    'episodes' AS part, source_id, layer, NULL::VARCHAR AS kind, identity_key, organiser, service_task,
    NULL::VARCHAR AS social_service, NULL::VARCHAR AS decided, start, "end", unit, municipality, class
FROM ledger_row
UNION ALL
SELECT
    'services', source_id, NULL, kind, identity_key, organiser, service_task, social_service, decided, start, "end",
    NULL, NULL, class
FROM service_ledger;
