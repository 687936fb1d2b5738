-- What a file would change, before it is loaded: one row for each source_id that is not the same afterwards. `standing_row`,
-- `read_row`, `batch_refused`, `batch_together` as for a load; $sources: whose rows the file is held against.
WITH named_again AS (
    SELECT
        standing.row_no,
        read.source_id,
        read.row,
        CASE WHEN standing.words <> read.words THEN 'changed' ELSE 'same' END AS change,
        standing.words AS before,
        read.words     AS after
    FROM standing_row AS standing
    JOIN read_row AS read USING (key)
),
new AS (
    SELECT read.*
    FROM read_row AS read
    ANTI JOIN standing_row USING (key)
),
lacking AS (
    SELECT standing.*
    FROM standing_row AS standing
    ANTI JOIN batch_together AS together USING (source_id)
    WHERE list_contains($sources::VARCHAR[], standing.source)
),
-- The same person, layer, service task, organiser and start under another name: one for one, in the order of the names.
renamed AS (
    SELECT lacking.row_no, lacking.source_id AS was, new.source_id, new.row
    FROM (
        -- total: a source_id stands once
        SELECT *, row_number() OVER (PARTITION BY same_row ORDER BY source_id) AS place FROM lacking
    ) AS lacking
    JOIN (
        -- total: a source_id is read once
        SELECT *, row_number() OVER (PARTITION BY same_row ORDER BY source_id) AS place FROM new
    ) AS new USING (same_row, place)
)
SELECT 'changed' AS change, source_id, NULL::VARCHAR AS was, row, before, after
FROM named_again
WHERE change = 'changed'
UNION ALL
SELECT 'new', source_id, NULL, row, NULL, NULL
FROM new
WHERE source_id NOT IN (SELECT source_id FROM renamed)
UNION ALL
SELECT 'renamed', source_id, was, row, NULL, NULL
FROM renamed
UNION ALL
SELECT 'gone', source_id, NULL, NULL, NULL, NULL
FROM lacking
WHERE row_no NOT IN (SELECT row_no FROM renamed)
UNION ALL
SELECT 'refused', source_id, NULL, row, NULL, NULL
FROM batch_refused
ORDER BY change, source_id NULLS LAST, row;
