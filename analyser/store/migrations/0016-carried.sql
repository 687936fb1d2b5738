-- 0016
-- Columns `x_…` of the county's lists: free text of hers, beside the row and without identifiers. A JSON object of texts by
-- the column's name; null where the row has none.
ALTER TABLE register_episode ADD COLUMN IF NOT EXISTS carried VARCHAR;
ALTER TABLE register_service ADD COLUMN IF NOT EXISTS carried VARCHAR;
