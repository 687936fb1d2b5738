-- When a unit or producer works, as the county says; null: not said.
ALTER TABLE register_unit ADD COLUMN IF NOT EXISTS valid_from DATE;

ALTER TABLE register_unit ADD COLUMN IF NOT EXISTS valid_to DATE;
