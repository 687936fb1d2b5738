-- What a period looked like each time somebody asked: what a burn-down is drawn from, and what continuity between
-- periods is judged by (the register keeps only its newest rows). No identifiers.

-- One row for each state of the ledger that was seen; asking again of the same state adds nothing.
CREATE TABLE IF NOT EXISTS remembered_run (
    number        INTEGER PRIMARY KEY,  -- 1, 2, 3 … in the order of seeing, over all periods
    period        VARCHAR,
    period_start  DATE,
    period_end    DATE,
    seen_at       TIMESTAMP_S,          -- UTC
    ledger        VARCHAR,              -- fingerprint of the ledger's rows
    rows          BIGINT,
    excluded      BIGINT,
    undetermined  BIGINT,
    archived      BIGINT,
    partial       BIGINT,
    missing       BIGINT,
    archived_only BIGINT
);

-- The ledger's rows of those runs, as changes: a row stood in every run of its period from since_run on, until (and
-- without) until_run.
CREATE TABLE IF NOT EXISTS remembered_row (
    period_start DATE,
    period_end   DATE,
    since_run    INTEGER,
    until_run    INTEGER,  -- null: stands in the newest run of the period
    source_id    VARCHAR,
    identity_key VARCHAR,
    layer        VARCHAR,
    service_task VARCHAR,
    organiser    VARCHAR,
    unit         VARCHAR,
    municipality VARCHAR,
    start_text   VARCHAR,
    start_lo     DATE,
    start_hi     DATE,
    end_text     VARCHAR,  -- null: open
    end_lo       DATE,
    end_hi       DATE,
    class        VARCHAR
);
