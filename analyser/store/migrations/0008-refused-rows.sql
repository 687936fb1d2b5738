-- Rows of register files that could not be read, until they are read: they stand beside the classes in every verdict.
-- `register_error` tells the cells and why; here a row is one row, and names the earlier version that it took out.
CREATE TABLE IF NOT EXISTS register_refused (
    kind         VARCHAR,
    source       VARCHAR,  -- where the row came from: a file, or the NAME it was loaded under
    file         VARCHAR,
    row          INTEGER,  -- null: no row of its own, but an earlier row that one of the file's refused rows may be
    source_id    VARCHAR,  -- as shown; null when it could not be read either
    identity_key VARCHAR,  -- only of rows refused because one source_id names several persons
    first_day    DATE,     -- the earliest day the row can have; null: unknown
    last_day     DATE      -- the latest; null: unknown. An open row has 9999-12-31
);

-- Of files loaded before, only the place is known.
INSERT INTO register_refused BY NAME
SELECT DISTINCT kind, file AS source, file, row FROM register_error WHERE NOT EXISTS (FROM register_refused);

-- Which system or file a row came from.
ALTER TABLE register_episode ADD COLUMN IF NOT EXISTS source VARCHAR;
ALTER TABLE register_service ADD COLUMN IF NOT EXISTS source VARCHAR;
ALTER TABLE register_population ADD COLUMN IF NOT EXISTS source VARCHAR;
ALTER TABLE register_identity ADD COLUMN IF NOT EXISTS source VARCHAR;
ALTER TABLE register_code ADD COLUMN IF NOT EXISTS source VARCHAR;
ALTER TABLE register_period ADD COLUMN IF NOT EXISTS source VARCHAR;
UPDATE register_episode SET source = file WHERE source IS NULL;
UPDATE register_service SET source = file WHERE source IS NULL;
UPDATE register_population SET source = file WHERE source IS NULL;
UPDATE register_identity SET source = file WHERE source IS NULL;
UPDATE register_code SET source = file WHERE source IS NULL;
UPDATE register_period SET source = file WHERE source IS NULL;
