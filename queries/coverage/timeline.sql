-- Register rows against the archive: each row's own interval, and every archived interval of the same person, layer and
-- service task, of whatever standing and organiser. Certain days lie within the possible ones; an open end is null.
-- Parameter: $source_ids.
WITH told AS (
    SELECT * FROM register_row WHERE list_contains($source_ids::VARCHAR[], source_id)
),
line AS (
    SELECT
        source_id, 'register' AS side, NULL AS oid, NULL AS standing, true AS counts, start_text AS start, end_text AS "end",
        start_lo AS possible_start, start_hi AS certain_start, end_lo AS certain_end, end_hi AS possible_end
    FROM told
    UNION ALL
    SELECT DISTINCT
        told.source_id, 'archive', interval.oid, interval.standing,
        interval.standing = 'current' AND interval.organiser = told.organiser,
        interval.start_text, interval.end_text,
        interval.possible_start, interval.certain_start, interval.certain_end, interval.possible_end
    FROM told
    JOIN archived_interval AS interval
        ON  interval.person_no = told.person_no
        AND interval.task_no = told.task_no
)
SELECT
    line.source_id, line.side, line.oid, line.standing, line.counts, line.start, line."end",
    line.possible_start, line.certain_start,
    nullif(line.certain_end, run.open_end)  AS certain_end,
    nullif(line.possible_end, run.open_end) AS possible_end
FROM line
CROSS JOIN run
ORDER BY line.source_id, line.side = 'archive', line.counts DESC, line.possible_start, line.oid, line.possible_end;
