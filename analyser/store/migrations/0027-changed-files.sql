-- When a register file was changed last: a whole extract that is older than the one loaded last is held back.
ALTER TABLE register_load ADD COLUMN IF NOT EXISTS changed_at TIMESTAMP_S;  -- UTC; null where the rows came from no file
