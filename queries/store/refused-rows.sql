-- What becomes of refused rows when a file is loaded ($kind, $source, $file). `read_row`: the source_ids and persons
-- that were read; `batch_refused`: the rows that were not; `standing_row`: the rows of the kind before this load, with
-- their place (source_id, source, file, row). A workbook's rows say their sheet as well, `FILE (SHEET)`. Leaves `refused_now`, with the earlier version that each takes out.

-- The file is read anew: what was refused of it before is read now, refused again, or not in it any more. And a row that
-- is read now is refused no longer, whichever file it stands in; a source_id that named several persons is read for one.
CREATE OR REPLACE TEMP TABLE refused_no_longer AS
SELECT refused.rowid AS refused_no, refused.kind, refused.file, refused.row
FROM register_refused AS refused
WHERE refused.kind = $kind
  AND ((refused.source = $source AND (refused.file = $file OR starts_with(refused.file, $file || ' (')))
    OR EXISTS (
        SELECT 1
        FROM read_row AS read
        WHERE read.source_id = refused.source_id
          AND coalesce(read.identity_key = refused.identity_key, refused.identity_key IS NULL)
    ));

DELETE FROM register_refused WHERE rowid IN (SELECT refused_no FROM refused_no_longer);

DELETE FROM register_error
WHERE (kind, file, row) IN (SELECT (kind, file, row) FROM refused_no_longer)
   OR (kind = $kind AND (file = $file OR starts_with(file, $file || ' (')));

-- A refused row without a source_id may be a row that the file held before and lacks now: the one of the same line
-- first; and when there are no more of them than refused rows, each of them is one.
CREATE OR REPLACE TEMP TABLE refused_now AS
WITH nameless AS (
    SELECT file, row
    FROM batch_refused
    WHERE source_id IS NULL
),
lacking AS (
    SELECT standing.source_id, standing.file, standing.row
    FROM standing_row AS standing
    ANTI JOIN read_row AS read USING (source_id)
    ANTI JOIN (SELECT source_id FROM batch_refused WHERE source_id IS NOT NULL) AS named USING (source_id)
    WHERE standing.source = $source
      AND (standing.file = $file OR starts_with(standing.file, $file || ' ('))
),
of_the_same_line AS (
    SELECT nameless.file AS refused_file, nameless.row AS refused_row, lacking.source_id
    FROM nameless
    JOIN lacking USING (file, row)
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
)
SELECT refused.* REPLACE (coalesce(refused.source_id, taken.source_id) AS source_id)
FROM batch_refused AS refused
LEFT JOIN taken
    ON taken.refused_file = refused.file AND taken.refused_row = refused.row AND refused.source_id IS NULL;

INSERT INTO register_refused BY NAME FROM refused_now;
