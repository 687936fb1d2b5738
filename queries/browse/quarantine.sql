-- A page of what could not be used.
SELECT source, member, stage, code, message, place
FROM quarantine_listing
WHERE $code IS NULL OR code = $code
ORDER BY source, member, stage, code, place, message
-- total: every column stands in the order
LIMIT $page OFFSET $skip;
