-- Periods that were closed: what was told of them at that moment, byte for byte, and what it came from.
CREATE TABLE IF NOT EXISTS period_closing (
    number        INTEGER PRIMARY KEY,  -- 1, 2, 3 … over all periods
    period        VARCHAR,
    period_start  DATE,
    period_end    DATE,
    closed_at     TIMESTAMP_S,          -- UTC
    os_user       VARCHAR,
    tool_version  VARCHAR,
    tool          VARCHAR,              -- fingerprints: of the comparison,
    settings      VARCHAR,              -- of what was asked,
    archive       VARCHAR,              -- of the documents,
    register      VARCHAR,              -- of the county's lists,
    identities    VARCHAR,              -- of the identities list
    run           INTEGER,              -- the remembered state that it is
    rows          BIGINT,
    excluded      BIGINT,
    undetermined  BIGINT,
    archived      BIGINT,
    partial       BIGINT,
    missing       BIGINT,
    coverage_code INTEGER,              -- exit codes as they were
    gaps_code     INTEGER
);

-- What `coverage` told: no persons.
CREATE TABLE IF NOT EXISTS period_told (
    closing INTEGER,
    format  VARCHAR,  -- text | json | csv
    lang    VARCHAR,  -- null: the same in every language
    told    VARCHAR
);

-- What `gaps` told, a row a piece: pieces of one person can go, and all of them when persons are forgotten.
CREATE TABLE IF NOT EXISTS period_told_row (
    closing    INTEGER,
    format     VARCHAR,  -- json | csv | text-fi | text-sv | text-en (whole)
    place      INTEGER,
    person_key VARCHAR,  -- null for what is about nobody, or about all
    told       VARCHAR
);

-- The remembered state that a delivery was made from.
ALTER TABLE delivery ADD COLUMN IF NOT EXISTS run INTEGER;
