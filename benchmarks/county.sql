-- A county of $rows register rows and as many documents, made in the database itself: reading a million documents
-- anew for every measurement of the comparison would measure the reader. One document in ten persons' archive is
-- missing, one in twelve ends early, one in fifty has a newer version; the rest covers its rows.
CREATE TEMP TABLE number AS SELECT range::INTEGER AS n FROM range($rows * 6 // 10);

INSERT INTO person_identity
SELECT md5('p' || n)[1:16], '1.2.246.21', lpad((n % 280000)::VARCHAR, 6, '0') || 'A9' || n, DATE '1930-01-01' + n % 33000
FROM number;

CREATE TEMP TABLE made AS
SELECT n, md5('r' || n) AS document_key, 'client-relationship' AS kind, 1 AS version, n AS in_set FROM number WHERE n % 10 > 0
UNION ALL
SELECT n, md5('v' || n), 'client-relationship', 2, n FROM number WHERE n % 50 = 1
UNION ALL
SELECT n, md5('c' || n), 'case', 1, -n - 1 FROM number WHERE n % 3 > 0 OR n % 10 = 0;

INSERT INTO document BY NAME
SELECT
    document_key,
    '1.2.246.10.99999901.95.2025.' || row_number() OVER (ORDER BY in_set, version) AS oid,
    '1.2.246.10.99999901.95.2025.9' || (in_set + $rows)                            AS set_id,
    version,
    kind,
    'json'                                   AS body,
    TIMESTAMP_S '2024-09-01 10:00:00' + INTERVAL (n % 90) DAY AS effective_at,
    effective_at                             AS created_at,
    '1.2.246.10.99999901.10.0'               AS organiser,
    'header'                                 AS organiser_origin,
    false                                    AS family_law,
    18000                                    AS size,
    []::VARCHAR[]                            AS problems
FROM made;

INSERT INTO document_person BY NAME
SELECT document_key, md5('p' || n)[1:16] AS identity_key, 0 AS slot, 'header' AS origin,
       lpad((n % 23 + 40)::VARCHAR, 3, '0') AS municipality, false AS safety_restricted,
       'ClinicalDocument/recordTarget[1]/patientRole/id' AS pointer
FROM made;

CREATE TEMP TABLE block AS
SELECT made.*, task.ordinal, task.code, task.display
FROM made
CROSS JOIN (VALUES (0, '24', 'Lapsiperheiden palvelut'), (1, '20', 'Vammaispalvelut')) AS task (ordinal, code, display)
WHERE made.kind = 'client-relationship';

INSERT INTO service_task_block BY NAME
SELECT document_key, ordinal, '1.2.246.537.6.1221' AS task_system, code AS task_code, display AS task_display,
       '/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/' || ordinal AS pointer
FROM block;

INSERT INTO client_period BY NAME
SELECT
    document_key, 'unit' AS role, ordinal AS block, '1.2.246.537.6.1221' AS task_system, code AS task_code,
    display AS task_display, '1.2.246.10.99999901.10.' || (20 + n % 30) AS unit, []::VARCHAR[] AS services,
    start_lo::VARCHAR AS start_text, start_lo, start_lo AS start_hi,
    end_lo::VARCHAR AS end_text, end_lo, end_lo AS end_hi,
    '/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/' || ordinal || '/palvelunjarjestajan_palveluyksikko/0' AS pointer
FROM (
    SELECT *, DATE '2024-06-01' + n % 150 AS start_lo,
           CASE WHEN n % 12 = 5 THEN DATE '2025-01-15' + n % 60 END AS end_lo
    FROM block
);

INSERT INTO case_fact BY NAME
SELECT document_key, '1.2.246.10.99999901.96.2024.' || n AS case_id, '1.2.246.537.6.1221' AS task_system,
       '24' AS task_code, 'Lapsiperheiden palvelut' AS task_display,
       opened::VARCHAR AS opened_text, opened AS opened_lo, opened AS opened_hi, '/asia_asiakirja/asian_tiedot' AS pointer
FROM (SELECT *, DATE '2024-06-01' + n % 150 AS opened FROM made WHERE kind = 'case');

INSERT INTO member BY NAME
SELECT 's' AS source_key, document_key AS member_key, document_key AS file_key, 'archive' AS source,
       document_key || '.xml' AS member, 18000 AS size, 1 AS mtime_ns, document_key AS content_hash,
       'document' AS outcome
FROM made;

INSERT INTO frame BY NAME
SELECT document_key AS frame_key, document_key AS member_key, effective_at AS created_at,
       'RCMR_IN200002FI01' AS interaction, 'SP1' AS request_code, false AS voiding, oid, set_id, version
FROM document;

INSERT INTO register_episode BY NAME
SELECT
    'R' || n || '-' || task AS source_id, md5('p' || n)[1:16] AS identity_key, 'service-task' AS layer,
    task AS service_task,
    start_lo::VARCHAR AS start_text, start_lo, start_lo AS start_hi,
    '1.2.246.10.99999901.10.0' AS organiser, '1.2.246.10.99999901.10.' || (20 + n % 30) AS unit,
    lpad((n % 23 + 40)::VARCHAR, 3, '0') AS municipality, 'episodes.csv' AS file, n + 2 AS row
FROM (SELECT n, DATE '2024-06-01' + n % 150 AS start_lo, unnest(CASE WHEN n % 3 > 0 THEN ['24', '20'] ELSE ['24'] END) AS task
      FROM number);
