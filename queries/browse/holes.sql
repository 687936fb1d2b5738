-- Days of a row that no current document certainly covers.
SELECT DISTINCT hole_start, hole_end
FROM uncovered
JOIN register_row USING (row_no)
WHERE register_row.source_id = $source_id
ORDER BY hole_start, hole_end;
