-- A fingerprint of all that the comparison is made from: the same for the same documents and rows, whatever their order,
-- and in every database. Identifiers play no part, nor what stands for one in a source_id; whom a row is about shows in the
-- documents that its person has.
WITH read AS (
    SELECT document_key AS key FROM document
    UNION
    SELECT frame_key FROM frame
    UNION
    SELECT answer_key FROM acknowledgement
    UNION
    SELECT content_hash FROM quarantine WHERE content_hash IS NOT NULL
),
carried AS (
    SELECT identity_key, sum(md5_number_lower(document_key))::VARCHAR AS documents
    FROM (SELECT DISTINCT identity_key, document_key FROM document_person) AS once
    GROUP BY identity_key
),
told AS (
    SELECT 'read ' || key AS row FROM read
    UNION ALL
    SELECT to_json({
        a: 'episode', b: regexp_replace(source_id, '\[id-[0-9a-f]{16}\]', '[id]', 'g'),
        c: layer, d: service_task, e: start_text, f: end_text, g: organiser, h: unit,
        i: producer, j: municipality, k: safety_restricted, l: carried.documents
    })::VARCHAR
    FROM register_episode
    LEFT JOIN carried USING (identity_key)
    UNION ALL
    SELECT to_json({
        a: 'service', b: regexp_replace(source_id, '\[id-[0-9a-f]{16}\]', '[id]', 'g'),
        c: kind, d: service_task, e: social_service, f: decided_text, g: start_text,
        h: end_text, i: organiser, j: carried.documents
    })::VARCHAR
    FROM register_service
    LEFT JOIN carried USING (identity_key)
    UNION ALL
    SELECT to_json({a: 'identity', b: one.documents, c: other.documents, d: valid_from})::VARCHAR
    FROM register_identity
    LEFT JOIN carried AS one ON one.identity_key = register_identity.identity_key
    LEFT JOIN carried AS other ON other.identity_key = register_identity.same_as_key
    UNION ALL
    SELECT to_json({a: 'population', b: municipality, c: year, d: age_group, e: population})::VARCHAR
    FROM register_population
    UNION ALL
    SELECT to_json({a: 'code', b: code, c: key, d: name_fi, e: name_sv, f: in_register})::VARCHAR
    FROM register_code
    UNION ALL
    SELECT to_json({a: 'period', b: period, c: period_start, d: period_end, e: deadline})::VARCHAR
    FROM register_period
    UNION ALL
    SELECT to_json({a: 'unit', b: oid, c: valid_from, d: valid_to})::VARCHAR
    FROM register_unit
    WHERE valid_from IS NOT NULL OR valid_to IS NOT NULL
    UNION ALL
    SELECT to_json({a: 'refused', b: kind, c: regexp_replace(source_id, '\[id-[0-9a-f]{16}\]', '[id]', 'g'),
        d: first_day, e: last_day})::VARCHAR
    FROM register_refused
)
SELECT lower(lpad(to_hex((coalesce(sum(md5_number_lower(row)), 0) % 18446744073709551616)::UBIGINT), 16, '0'))
FROM told;
