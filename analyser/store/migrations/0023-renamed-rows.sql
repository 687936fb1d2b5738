-- The source_id under which a row was delivered before the register called it otherwise; null: it was not renamed.
ALTER TABLE delivery_row ADD COLUMN IF NOT EXISTS former_source_id VARCHAR;
