-- Days of a row that no current document certainly covers.
SELECT DISTINCT hole_start, hole_end
FROM uncovered
WHERE source_id = $source_id
ORDER BY hole_start, hole_end;
