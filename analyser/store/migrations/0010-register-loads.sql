-- Each load of a register file is a version: what it held, what it changed, and what stood there before it.
CREATE TABLE IF NOT EXISTS register_load (
    number    INTEGER PRIMARY KEY,  -- 1, 2, 3 … in the order of loading
    kind      VARCHAR,
    source    VARCHAR,              -- a NAME of --as, or the file
    named     BOOLEAN,              -- whether the source is a NAME
    file      VARCHAR,
    sha256    VARCHAR,              -- of the file's bytes; null for rows that came from no file
    whole     BOOLEAN,              -- the file is the whole extract of its source
    read      BIGINT,               -- data rows of the file
    new       BIGINT,
    changed   BIGINT,
    same      BIGINT,
    gone      BIGINT,               -- rows that the whole extract lacks: their part in the comparison ended
    refused   BIGINT,
    loaded_at TIMESTAMP_S,          -- UTC
    os_user   VARCHAR,
    undone_at TIMESTAMP_S           -- UTC; null while the load stands
);

-- Rows that a load took the place of, as they were: what undoing it brings back. Without identifiers, as the tables are.
CREATE TABLE IF NOT EXISTS register_history (
    load      INTEGER,  -- the load that took their place
    relation  VARCHAR,  -- the table they stood in
    change    VARCHAR,  -- changed | moved (another source holds it now) | gone | refused | read
    source_id VARCHAR,  -- null for kinds without one
    content   VARCHAR   -- JSON of the row
);

-- Which load gave a row what it says, and which load saw it last. Null: loaded before loads were numbered.
ALTER TABLE register_episode ADD COLUMN IF NOT EXISTS load INTEGER;
ALTER TABLE register_episode ADD COLUMN IF NOT EXISTS seen INTEGER;
ALTER TABLE register_service ADD COLUMN IF NOT EXISTS load INTEGER;
ALTER TABLE register_service ADD COLUMN IF NOT EXISTS seen INTEGER;
ALTER TABLE register_population ADD COLUMN IF NOT EXISTS load INTEGER;
ALTER TABLE register_population ADD COLUMN IF NOT EXISTS seen INTEGER;
ALTER TABLE register_identity ADD COLUMN IF NOT EXISTS load INTEGER;
ALTER TABLE register_identity ADD COLUMN IF NOT EXISTS seen INTEGER;
ALTER TABLE register_code ADD COLUMN IF NOT EXISTS load INTEGER;
ALTER TABLE register_code ADD COLUMN IF NOT EXISTS seen INTEGER;
ALTER TABLE register_period ADD COLUMN IF NOT EXISTS load INTEGER;
ALTER TABLE register_period ADD COLUMN IF NOT EXISTS seen INTEGER;
ALTER TABLE register_refused ADD COLUMN IF NOT EXISTS load INTEGER;
