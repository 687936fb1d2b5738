-- Which document a frame says that its document replaces.
ALTER TABLE frame ADD COLUMN IF NOT EXISTS replaces_oid VARCHAR;

ALTER TABLE frame ADD COLUMN IF NOT EXISTS replaces_set_id VARCHAR;

ALTER TABLE frame ADD COLUMN IF NOT EXISTS replaces_version INTEGER;
