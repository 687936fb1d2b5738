-- The natural key of a refused row of the kinds that have no source_id, as far as it could be read: the earlier row of that
-- key is out of force until the key is read again, in whatever file.
ALTER TABLE register_refused ADD COLUMN IF NOT EXISTS key VARCHAR;
