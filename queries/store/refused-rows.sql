-- What becomes of refused rows when a file is loaded ($kind, $source, $file, $load). `standing_row`: the kind's rows before
-- this load; `read_row`: those that the file holds; `batch_refused`: those of it that could not be read; `batch_together`:
-- the source_ids of all files of the extract; `ended_source`: sources that the file is the whole extract of; `person_link`:
-- whose identifiers are one person's. A workbook's
-- rows say their sheet as well, `FILE (SHEET)`. Leaves `refused_now`, with the earlier version that each takes out.

-- The file is read anew: what was refused of it before is read now, refused again, or not in it any more. And a row that
-- is read now is refused no longer, whichever file it stands in; a source_id that named several persons is read for one.
CREATE OR REPLACE TEMP TABLE refused_no_longer AS
WITH read_person AS (
    SELECT read.source_id, coalesce(joined.person_key, read.identity_key) AS person
    FROM read_row AS read
    LEFT JOIN person_link AS joined USING (identity_key)
),
standing AS (
    SELECT refused.rowid AS refused_no, refused.*, coalesce(joined.person_key, refused.identity_key) AS person
    FROM register_refused AS refused
    LEFT JOIN person_link AS joined USING (identity_key)
    WHERE refused.kind = $kind
)
SELECT refused_no, kind, file, row
FROM standing
WHERE (source = $source AND (file = $file OR starts_with(file, $file || ' (')))
   OR (source IN (SELECT source FROM ended_source) AND coalesce(load < $first_load, true))
   OR (person IS NULL AND source_id IN (SELECT source_id FROM read_person))
   OR (source_id, person) IN (SELECT (source_id, person) FROM read_person WHERE person IS NOT NULL)
   OR key IN (SELECT key FROM read_row);

CREATE OR REPLACE TEMP TABLE error_no_longer AS
SELECT rowid AS error_no
FROM register_error
WHERE (kind, file, row) IN (SELECT (kind, file, row) FROM refused_no_longer)
   OR (kind = $kind AND (file = $file OR starts_with(file, $file || ' (')));

INSERT INTO register_history BY NAME
SELECT $load AS load, 'register_refused' AS relation, 'read' AS change, refused.source_id, to_json(refused) AS content
FROM register_refused AS refused
WHERE refused.rowid IN (SELECT refused_no FROM refused_no_longer);

INSERT INTO register_history BY NAME
SELECT $load AS load, 'register_error' AS relation, 'read' AS change, to_json(error) AS content
FROM register_error AS error
WHERE error.rowid IN (SELECT error_no FROM error_no_longer);

DELETE FROM register_refused WHERE rowid IN (SELECT refused_no FROM refused_no_longer);
DELETE FROM register_error WHERE rowid IN (SELECT error_no FROM error_no_longer);

-- A refused row without a source_id may be a row that the file held before and lacks now: the one of the same line
-- first; and when there are no more of them than refused rows, each of them is one. A row that was refused before this
-- extract and is lacking now has not left the register either, as long as a nameless row may be it.
CREATE OR REPLACE TEMP TABLE refused_now AS
WITH nameless AS (
    SELECT file, row
    FROM batch_refused
    WHERE source_id IS NULL
),
lacking AS (
    SELECT standing.source_id, standing.file, standing.row
    FROM standing_row AS standing
    ANTI JOIN batch_together AS together USING (source_id)
    WHERE standing.source_id IS NOT NULL
      AND CASE $place
              WHEN 'ended' THEN standing.source IN (SELECT source FROM ended_source)
              ELSE standing.source = $source AND (standing.file = $file OR starts_with(standing.file, $file || ' ('))
          END
),
ended_by_the_extract AS (
    -- What the files of this extract, this one and those before it, have ended of earlier refusals.
    SELECT
        content ->> 'source_id'        AS source_id,
        content ->> 'source'           AS source,
        content ->> 'file'             AS file,
        (content ->> 'row')::INTEGER   AS row
    FROM register_history
    WHERE relation = 'register_refused'
      AND change = 'read'
      AND load >= $first_load
      AND (content ->> 'kind') = $kind
      AND coalesce((content ->> 'load')::INTEGER < $first_load, true)
),
refused_before AS (
    SELECT ended.source_id, ended.file, ended.row
    FROM ended_by_the_extract AS ended
    ANTI JOIN batch_together AS together USING (source_id)
    ANTI JOIN lacking USING (source_id)
    ANTI JOIN (SELECT source_id FROM register_refused WHERE kind = $kind) AS still USING (source_id)
    WHERE ended.source_id IS NOT NULL
      AND CASE $place
              WHEN 'ended' THEN ended.source IN (SELECT source FROM ended_source)
              ELSE ended.source = $source AND (ended.file = $file OR starts_with(ended.file, $file || ' ('))
          END
),
of_the_same_line AS (
    SELECT
        nameless.file AS refused_file,
        nameless.row  AS refused_row,
        coalesce(min(lacking.source_id), min(refused_before.source_id)) AS source_id
    FROM nameless
    LEFT JOIN lacking USING (file, row)
    LEFT JOIN refused_before ON refused_before.file = nameless.file AND refused_before.row = nameless.row
    GROUP BY nameless.file, nameless.row
    HAVING coalesce(min(lacking.source_id), min(refused_before.source_id)) IS NOT NULL
),
rows_left AS (
    -- total: a row of a file is refused once
    SELECT file, row, row_number() OVER (ORDER BY file, row) AS place
    FROM nameless
    WHERE (file, row) NOT IN (SELECT (refused_file, refused_row) FROM of_the_same_line)
),
lacking_left AS (
    -- total: a source_id stands once
    SELECT source_id, row_number() OVER (ORDER BY file, row, source_id) AS place
    FROM lacking
    WHERE source_id NOT IN (SELECT source_id FROM of_the_same_line)
),
taken AS (
    SELECT refused_file, refused_row, source_id FROM of_the_same_line
    UNION ALL
    SELECT rows_left.file, rows_left.row, lacking_left.source_id
    FROM rows_left
    JOIN lacking_left USING (place)
    WHERE (SELECT count(*) FROM lacking_left) <= (SELECT count(*) FROM rows_left)
),
of_several_tasks AS (
    -- A list whose cells of several service tasks are taken apart ($apart) names a row for each of them; of one that is
    -- torn its own name alone is known, and any of the rows that it was before may be it.
    SELECT DISTINCT standing.source_id
    FROM standing_row AS standing
    JOIN batch_refused AS refused ON starts_with(standing.source_id, refused.source_id || '/')
    ANTI JOIN batch_together AS together ON together.source_id = standing.source_id
    WHERE $apart AND standing.source = $source
),
one_of_them AS (
    -- More rows of a whole extract are lacking than are refused: any of them may be a refused one, so that none of them
    -- is told as withdrawn.
    SELECT lacking_left.source_id
    FROM lacking_left
    WHERE (SELECT count(*) FROM ended_source) > 0
      AND (SELECT count(*) FROM rows_left) BETWEEN 1 AND (SELECT count(*) FROM lacking_left) - 1
    UNION
    -- Refused until it is read, or lacking where every row of the file has a name.
    SELECT source_id
    FROM refused_before
    WHERE EXISTS (FROM nameless) AND source_id NOT IN (SELECT source_id FROM taken)
    UNION
    SELECT source_id
    FROM of_several_tasks
)
SELECT
    refused.* REPLACE (
        coalesce(refused.source_id, taken.source_id)         AS source_id,
        to_json(list_transform(key, lambda part: to_json(part)))::VARCHAR AS key
    ),
    $load AS load
FROM batch_refused AS refused
LEFT JOIN taken
    ON taken.refused_file = refused.file AND taken.refused_row = refused.row AND refused.source_id IS NULL
UNION ALL BY NAME
SELECT $kind AS kind, $source AS source, $file AS file, one_of_them.source_id, $load AS load
FROM one_of_them;

INSERT INTO register_refused BY NAME FROM refused_now;

-- The same for the kinds without a source_id (persons' other identifiers, codes, periods): the earlier version is the row of
-- the same key, in whatever file. Where the key cannot be read, it is a row that the same file lacks now: the one of the
-- same line, and all of them when they are no more than the refused rows.
CREATE OR REPLACE TEMP TABLE refused_standing AS
WITH standing AS (
    SELECT *
    FROM standing_row
    WHERE $kind NOT IN ('episodes', 'services')
      AND key NOT IN (SELECT key FROM read_row)
),
of_the_key AS (
    SELECT row_no FROM standing WHERE key IN (SELECT key FROM refused_now)
),
nameless AS (
    SELECT file, row FROM refused_now WHERE key IS NULL
),
lacking AS (
    SELECT row_no, file, row
    FROM standing
    WHERE source = $source
      AND (file = $file OR starts_with(file, $file || ' ('))
      AND row_no NOT IN (FROM of_the_key)
),
of_the_line AS (
    SELECT lacking.row_no, nameless.file, nameless.row
    FROM lacking
    JOIN nameless USING (file, row)
),
lacking_left AS (
    SELECT row_no
    FROM lacking
    WHERE row_no NOT IN (SELECT row_no FROM of_the_line)
      AND (SELECT count(*) FROM lacking) - (SELECT count(*) FROM of_the_line)
          <= (SELECT count(*) FROM nameless) - (SELECT count(DISTINCT (file, row)) FROM of_the_line)
)
SELECT row_no FROM of_the_key
UNION
SELECT row_no FROM of_the_line
UNION
SELECT row_no FROM lacking_left;
