-- Under which load of the county's episodes a state was seen: a load that is taken back takes its states along. Null: seen before
-- this was kept.
ALTER TABLE remembered_run ADD COLUMN IF NOT EXISTS load INTEGER;
