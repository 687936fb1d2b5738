-- 0017
-- What service units and producers are called, as the county says.
CREATE TABLE IF NOT EXISTS register_unit (
    oid     VARCHAR,
    name_fi VARCHAR,
    name_sv VARCHAR,
    kind    VARCHAR,  -- unit | producer | null: not said
    contact VARCHAR,  -- whom to ask
    file    VARCHAR,
    row     INTEGER,
    source  VARCHAR,
    load    INTEGER,
    seen    INTEGER
);
