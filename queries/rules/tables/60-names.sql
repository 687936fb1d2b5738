-- What machine formats call a register row whose source_id holds an identifier. For people the identifier has given way
-- to a pseudonym, by which `trace` finds the row; but that follows the database's secret, and the same input gives the
-- same bytes. So here it is `[id]` alone, and of rows that would be called the same the second has `#2` behind it, in
-- the order of the files' rows.
CREATE OR REPLACE TEMP TABLE neutral_name AS
WITH kept AS (
    SELECT source_id, file, row, layer AS kind, service_task, start_text, end_text FROM main.register_episode
    UNION ALL
    SELECT source_id, file, row, kind, service_task, start_text, end_text FROM main.register_service
    UNION ALL
    -- A row that has vanished from the register is known by what it was; it comes after those that are there.
    SELECT source_id, NULL, NULL, layer, service_task, start_text, end_text FROM main.remembered_row
),
pseudonymous AS (
    SELECT
        source_id,
        regexp_replace(source_id, '\[id-[0-9a-f]{16}\]', '[id]', 'g')                 AS name,
        min((file IS NULL, file, row, kind, service_task, start_text, end_text))       AS place
    FROM kept
    WHERE contains(source_id, '[id-')
    GROUP BY source_id
),
counted AS (
    -- total: a source_id has one row here
    SELECT source_id, name, row_number() OVER (PARTITION BY name ORDER BY place, source_id) AS number
    FROM pseudonymous
)
SELECT source_id, CASE number WHEN 1 THEN name ELSE name || ' #' || number END AS name
FROM counted;

-- File and row of each source_id of the register. An episode and a service may have one source_id: the first file by name.
CREATE OR REPLACE TEMP TABLE register_place AS
SELECT source_id, min(file) AS file, arg_min(row, (file, row)) AS row
FROM (
    SELECT source_id, file, row FROM register_episode
    UNION ALL
    SELECT source_id, file, row FROM register_service
)
GROUP BY source_id;
