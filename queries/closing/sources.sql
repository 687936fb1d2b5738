-- Fingerprints of what the comparison is made from, each for itself, so that a later difference can name its cause. The same
-- for the same documents and rows of this database, whatever their order.
WITH read AS (
    SELECT 'archive' AS source, 'read ' || document_key AS row FROM document
    UNION
    SELECT 'archive', 'frame ' || frame_key FROM frame
    UNION
    SELECT 'archive', 'answer ' || answer_key FROM acknowledgement
    UNION
    SELECT 'archive', 'held ' || content_hash FROM quarantine WHERE content_hash IS NOT NULL
),
listed AS (
    SELECT 'register' AS source, to_json({
        a: 'episode', b: source_id, c: layer, d: service_task, e: start_text, f: end_text, g: organiser, h: unit,
        i: producer, j: municipality, k: identity_key
    })::VARCHAR AS row
    FROM register_episode
    UNION ALL
    SELECT 'register', to_json({
        a: 'service', b: source_id, c: kind, d: service_task, e: social_service, f: decided_text, g: start_text,
        h: end_text, i: organiser, j: identity_key
    })::VARCHAR
    FROM register_service
    UNION ALL
    SELECT 'register', to_json({a: 'population', b: municipality, c: year, d: age_group, e: population})::VARCHAR
    FROM register_population
    UNION ALL
    SELECT 'register', to_json({a: 'code', b: code, c: key, d: name_fi, e: name_sv, f: in_register})::VARCHAR
    FROM register_code
    UNION ALL
    SELECT 'register', to_json({a: 'period', b: period, c: period_start, d: period_end, e: deadline})::VARCHAR
    FROM register_period
    UNION ALL
    -- Of units only the days: by them a unit that closed is not said to have fallen silent.
    SELECT 'register', to_json({a: 'unit', b: oid, c: valid_from, d: valid_to})::VARCHAR
    FROM register_unit
    WHERE valid_from IS NOT NULL OR valid_to IS NOT NULL
    UNION ALL
    SELECT 'register', to_json({a: 'refused', b: kind, c: source_id, d: first_day, e: last_day})::VARCHAR
    FROM register_refused
    UNION ALL
    SELECT 'identities', to_json({a: identity_key, b: same_as_key, c: valid_from})::VARCHAR
    FROM register_identity
),
told AS (
    FROM read
    UNION ALL
    FROM listed
),
summed AS (
    SELECT source, lower(lpad(to_hex((sum(md5_number_lower(row)) % 18446744073709551616)::UBIGINT), 16, '0')) AS print
    FROM told
    GROUP BY source
)
SELECT
    coalesce(max(print) FILTER (source = 'archive'), '')    AS archive,
    coalesce(max(print) FILTER (source = 'register'), '')   AS register,
    coalesce(max(print) FILTER (source = 'identities'), '') AS identities
FROM summed;
