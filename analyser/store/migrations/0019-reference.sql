-- 0019
-- Published figures, beside which own counts are set.
CREATE TABLE IF NOT EXISTS register_reference (
    period       VARCHAR,  -- as written: 2024, 2025Q1, 2025-01, two days, or a name of the periods file
    layer        VARCHAR,
    service_task VARCHAR,  -- as written; null: every one
    municipality VARCHAR,  -- null: every one
    indicator    VARCHAR,  -- clients | episodes
    value        BIGINT,
    origin       VARCHAR,  -- who published it
    file         VARCHAR,
    row          INTEGER,
    source       VARCHAR,
    load         INTEGER,
    seen         INTEGER
);
