-- The organisers whose episodes count, as they are told.
SELECT DISTINCT told FROM scope_organiser ORDER BY told
