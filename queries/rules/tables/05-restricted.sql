-- Of persons under a safety restriction nothing here tells where they live or which unit serves them. Units of one
-- document stay told apart by their number, so that rules can compare them.
UPDATE document_person SET municipality = NULL
WHERE document_key IN (SELECT document_key FROM restricted_document);

UPDATE numbered_document SET unit = NULL, custodian = NULL
WHERE document_key IN (SELECT document_key FROM restricted_document);

UPDATE person_document SET municipality = NULL
WHERE person_no IN (SELECT person_no FROM restricted_person);

CREATE OR REPLACE TEMP VIEW document_identity AS
SELECT
    numbered.* REPLACE (CASE WHEN restricted.person_no IS NULL THEN numbered.municipality END AS municipality),
    document.document_key,
    identity.identity_key,
    identity.person_key
FROM numbered_document_identity AS numbered
JOIN document_standing AS document USING (document_no)
JOIN known_identity AS identity USING (identity_no)
LEFT JOIN restricted_person AS restricted ON restricted.person_no = numbered.person_no;

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
