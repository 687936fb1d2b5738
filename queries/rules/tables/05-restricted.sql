-- Of persons under a safety restriction nothing here tells where they live or which unit serves them. Units of one
-- document stay told apart by their number, so that rules can compare them.
UPDATE document_person SET municipality = NULL
WHERE document_key IN (SELECT document_key FROM restricted_document);

UPDATE numbered_document SET unit = NULL
WHERE document_key IN (SELECT document_key FROM restricted_document);

UPDATE client_period SET unit = counted.unit
FROM (
    SELECT
        client_period.rowid AS period_no,
        -- total: equal units have equal ranks
        'unit ' || dense_rank() OVER (PARTITION BY client_period.document_key ORDER BY client_period.unit) AS unit
    FROM client_period
    SEMI JOIN restricted_document USING (document_key)
    WHERE client_period.unit IS NOT NULL
) AS counted
WHERE client_period.rowid = counted.period_no;

UPDATE register_episode SET unit = NULL, producer = NULL, municipality = NULL
WHERE identity_key IN (
    SELECT register_row.identity_key
    FROM register_row
    SEMI JOIN restricted_person USING (person_key)
);
