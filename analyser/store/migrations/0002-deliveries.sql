-- What was written as a separate delivery, when and in which file. The rows carry no identifiers.

CREATE TABLE delivery (
    delivery_id VARCHAR PRIMARY KEY,  -- hash of the manifest
    period      VARCHAR,
    profile     VARCHAR,
    written_at  TIMESTAMP_S
);

CREATE TABLE delivery_row (
    delivery_id  VARCHAR,
    file         VARCHAR,
    source_id    VARCHAR,
    layer        VARCHAR,
    service_task VARCHAR,
    start_text   VARCHAR,
    end_text     VARCHAR
);
