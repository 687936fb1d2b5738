-- What was written as a separate delivery, when and in which file, and whether it was sent. No identifiers.

CREATE TABLE IF NOT EXISTS delivery (
    number       INTEGER PRIMARY KEY,  -- 1, 2, 3 … in the order of writing
    manifest     VARCHAR,              -- SHA-256 of manifest.json: how a folder is recognised
    period       VARCHAR,
    period_start DATE,
    period_end   DATE,
    as_of        DATE,
    profile      VARCHAR,
    corrections  BOOLEAN,              -- holds only what changed since the deliveries before
    written_at   TIMESTAMP_S,          -- UTC
    sent_at      TIMESTAMP_S,          -- UTC; null while nobody has said that it was sent
    missing      BIGINT,               -- the ledger at that moment: what a burn-down is drawn from
    partial      BIGINT,
    undetermined BIGINT
);

CREATE TABLE IF NOT EXISTS delivery_row (
    number         INTEGER,
    file           VARCHAR,
    part           VARCHAR,  -- episodes | services
    change         VARCHAR,  -- new | changed | unchanged | withdrawn, against the deliveries before
    source_id      VARCHAR,
    layer          VARCHAR,
    kind           VARCHAR,  -- of a service
    identity_key   VARCHAR,
    organiser      VARCHAR,
    service_task   VARCHAR,
    social_service VARCHAR,
    decided_text   VARCHAR,
    start_text     VARCHAR,
    end_text       VARCHAR
);
