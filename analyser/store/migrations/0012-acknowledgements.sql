-- Answers of the archive, and the identifier of each frame by which it is answered.
ALTER TABLE frame ADD COLUMN IF NOT EXISTS message_root VARCHAR;

ALTER TABLE frame ADD COLUMN IF NOT EXISTS message_extension VARCHAR;

ALTER TABLE frame ADD COLUMN IF NOT EXISTS sender VARCHAR;

CREATE TABLE IF NOT EXISTS acknowledgement (
    answer_key       VARCHAR,
    member_key       VARCHAR,
    ordinal          INTEGER,
    created_at       TIMESTAMP_S,
    interaction      VARCHAR,
    type_code        VARCHAR,
    target_root      VARCHAR,
    target_extension VARCHAR
);

CREATE TABLE IF NOT EXISTS acknowledgement_detail (
    answer_key    VARCHAR,
    member_key    VARCHAR,
    ordinal       INTEGER,
    place         INTEGER,
    type_code     VARCHAR,
    detail_code   VARCHAR,
    detail_system VARCHAR,
    detail_text   VARCHAR,
    detail_place  VARCHAR
);

