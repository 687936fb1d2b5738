-- What is remembered that rules may read, as a fingerprint: the states of the period that ends right before $period_start, which
-- continuity is told against, and what rows were called whose name holds a pseudonym (rules/tables/60-names.sql). It may change
-- while the state of the database stays.
WITH before AS (
    SELECT run.*, load.undone_at
    FROM remembered_run AS run
    LEFT JOIN register_load AS load ON load.number = run.load
    WHERE run.period_end = $period_start - 1
),
named AS (
    SELECT DISTINCT source_id, layer, service_task, start_text, end_text
    FROM remembered_row
    WHERE contains(source_id, '[id-')
)
SELECT 'run' AS what, count(*) AS rows, coalesce(bit_xor(md5_number_lower(before::VARCHAR)), 0)::VARCHAR AS told
FROM before
UNION ALL
SELECT 'name', count(*), coalesce(bit_xor(md5_number_lower(named::VARCHAR)), 0)::VARCHAR
FROM named
ORDER BY what;
