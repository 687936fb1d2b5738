-- What a load changes of the rows that stand: one row for each of them that it touches. `standing_row`: the kind's rows
-- before this load; `read_row`: what the file holds; `refused_now`: what it holds and could not be read, `refused_standing`
-- the earlier versions of it that have no source_id; `ended_source`:
-- sources that it is the whole extract of. $first_load: number of the first file of the extract; $last: this is the last
-- of its files, so that what none of them has named is lacking; `person_link`: whose identifiers are one person's. $old_organisers, $new_organisers: who came after whom.
CREATE OR REPLACE TEMP TABLE load_change AS
WITH named_source AS (
    SELECT source FROM register_load WHERE named AND kind = $kind
    UNION
    SELECT $source WHERE $named
),
succession AS (
    SELECT unnest($old_organisers::VARCHAR[]) AS old, unnest($new_organisers::VARCHAR[]) AS new
),
organiser_now AS (
    -- A row of a merged organiser is still the same row.
    SELECT
        named.organiser,
        -- total: an old name stands once, and of two that begin a name one is the longer
        coalesce(max_by(succession.new || named.organiser[len(succession.old) + 1:], len(succession.old)), named.organiser) AS now
    FROM (SELECT DISTINCT organiser FROM standing_row) AS named
    LEFT JOIN succession ON named.organiser = succession.old OR starts_with(named.organiser, succession.old || '.')
    GROUP BY named.organiser
),
named_again AS (
    SELECT
        standing.row_no,
        read.source,
        read.file,
        read.row,
        CASE
            WHEN standing.words <> read.words THEN 'changed'
            -- Between files without a NAME a row does not change hands: they are one list that goes on.
            WHEN standing.source IS DISTINCT FROM read.source
                AND (standing.source IN (FROM named_source) OR read.source IN (FROM named_source)) THEN 'moved'
            ELSE 'same'
        END AS change,
        -- A person's other identifier is no other person.
        (standing.organiser IS DISTINCT FROM read.organiser AND organiser_now.now IS DISTINCT FROM read.organiser)
            OR coalesce(before.person_key, standing.identity_key) IS DISTINCT FROM coalesce(now.person_key, read.identity_key) AS other
    FROM standing_row AS standing
    JOIN read_row AS read USING (key)
    LEFT JOIN organiser_now ON organiser_now.organiser = standing.organiser
    LEFT JOIN person_link AS before ON before.identity_key = standing.identity_key
    LEFT JOIN person_link AS now ON now.identity_key = read.identity_key
),
unreadable AS (
    SELECT standing.row_no, NULL::VARCHAR AS source, NULL::VARCHAR AS file, NULL::INTEGER AS row, 'refused' AS change, false AS other
    FROM standing_row AS standing
    WHERE (standing.source_id IN (SELECT source_id FROM refused_now WHERE source_id IS NOT NULL)
        OR standing.row_no IN (SELECT row_no FROM refused_standing))
      AND standing.row_no NOT IN (SELECT row_no FROM named_again)
),
lacking AS (
    -- A row without a number was loaded before loads were numbered.
    SELECT standing.row_no, NULL::VARCHAR AS source, NULL::VARCHAR AS file, NULL::INTEGER AS row, 'gone' AS change, false AS other
    FROM standing_row AS standing
    WHERE $last
      AND standing.source IN (SELECT source FROM ended_source)
      AND coalesce(standing.seen < $first_load, true)
      AND standing.row_no NOT IN (SELECT row_no FROM named_again)
      AND standing.row_no NOT IN (SELECT row_no FROM unreadable)
)
SELECT * FROM named_again
UNION ALL
SELECT * FROM unreadable
UNION ALL
SELECT * FROM lacking;

-- As they were, for whoever undoes the load. Rows that stay as they are need no copy.
INSERT INTO register_history BY NAME
SELECT
    $load AS load, $relation AS relation, load_change.change, standing.source_id, standing.content
FROM standing_row AS standing
JOIN load_change USING (row_no)
WHERE load_change.change <> 'same';
