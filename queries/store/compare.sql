-- What a file would change, before it is loaded: one row for each source_id that is not the same afterwards. `standing_row`,
-- `read_row`, `batch_refused`, `batch_together` as for a load; $sources: whose rows the file is held against. Who came after whom:
-- $old_organisers, $new_organisers, and rows that were numbered anew, $old_ids, $new_ids.
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
succession AS (
    SELECT unnest($old_organisers::VARCHAR[]) AS old, unnest($new_organisers::VARCHAR[]) AS new
),
organiser_now AS (
    SELECT
        named.organiser,
        -- total: an old name stands once, and of two that begin a name one is the longer
        coalesce(max_by(succession.new || named.organiser[len(succession.old) + 1:], len(succession.old)), named.organiser) AS now
    FROM (SELECT organiser FROM standing_row UNION SELECT organiser FROM read_row) AS named
    LEFT JOIN succession ON named.organiser = succession.old OR starts_with(named.organiser, succession.old || '.')
    GROUP BY named.organiser
),
come AS (
    SELECT new.*, coalesce(organiser_now.now, '') AS organiser_now
    FROM new
    LEFT JOIN organiser_now USING (organiser)
),
lacking AS (
    SELECT standing.*, coalesce(organiser_now.now, '') AS organiser_now
    FROM standing_row AS standing
    ANTI JOIN batch_together AS together USING (source_id)
    ANTI JOIN read_row AS read USING (key)
    LEFT JOIN organiser_now USING (organiser)
    WHERE list_contains($sources::VARCHAR[], standing.source)
),
numbered_anew AS (
    -- What the settings say of rows that the register calls otherwise now; of several that became one the first goes on as it.
    SELECT lacking.row_no, lacking.source_id AS was, come.source_id, come.row
    FROM (SELECT unnest($old_ids::VARCHAR[]) AS old, unnest($new_ids::VARCHAR[]) AS new) AS link
    JOIN lacking ON lacking.source_id = link.old
    JOIN come ON come.source_id = link.new
    -- total: a source_id stands once
    QUALIFY row_number() OVER (PARTITION BY come.source_id ORDER BY lacking.source_id) = 1
),
-- The same person, layer, service task, organiser and start under another name: one for one, in the order of the names.
renamed AS (
    SELECT row_no, was, source_id, row
    FROM numbered_anew
    UNION ALL
    SELECT lacking.row_no, lacking.source_id, come.source_id, come.row
    FROM (
        -- total: a source_id stands once
        SELECT *, row_number() OVER (PARTITION BY same_row, organiser_now ORDER BY source_id) AS place
        FROM lacking
        WHERE row_no NOT IN (SELECT row_no FROM numbered_anew)
    ) AS lacking
    JOIN (
        -- total: a source_id is read once
        SELECT *, row_number() OVER (PARTITION BY same_row, organiser_now ORDER BY source_id) AS place
        FROM come
        WHERE source_id NOT IN (SELECT source_id FROM numbered_anew)
    ) AS come USING (same_row, organiser_now, place)
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
