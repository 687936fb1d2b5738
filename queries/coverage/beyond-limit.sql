-- Rows whose readings are more than are gone through: `undetermined` because nobody has looked at all of them.
SELECT register_row.source_id
FROM classified
JOIN register_row USING (row_no)
WHERE classified.beyond_limit
ORDER BY register_row.source_id;
