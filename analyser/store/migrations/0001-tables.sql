-- The store room: what documents and registers said, row by row, before any comparison.
-- Archive tables mirror analyser/archive/records.py, where each column is explained.

CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

-- The only table that holds identifiers and birth dates. Everything else carries identity_key.
CREATE TABLE person_identity (
    identity_key VARCHAR,
    root         VARCHAR,
    value        VARCHAR,
    birth_date   DATE
);

CREATE TABLE member (
    source_key   VARCHAR,
    member_key   VARCHAR,
    file_key     VARCHAR,
    source       VARCHAR,
    member       VARCHAR,
    size         BIGINT,
    mtime_ns     BIGINT,
    content_hash VARCHAR,
    outcome      VARCHAR
);

CREATE TABLE document (
    document_key            VARCHAR,
    oid                     VARCHAR,
    set_id                  VARCHAR,
    version                 INTEGER,
    kind                    VARCHAR,
    document_group          VARCHAR,
    general_type            VARCHAR,
    specific_type           VARCHAR,
    content_specification   VARCHAR,
    json_root               VARCHAR,
    body                    VARCHAR,
    effective_at            TIMESTAMP_S,
    created_at              TIMESTAMP_S,
    custodian               VARCHAR,
    organiser               VARCHAR,
    organiser_origin        VARCHAR,
    unit                    VARCHAR,
    relationship_id         VARCHAR,
    case_id                 VARCHAR,
    record_status           VARCHAR,
    replaces_oid            VARCHAR,
    replaces_set_id         VARCHAR,
    replaces_version        INTEGER,
    old_relationship        BOOLEAN,
    relationship_start_text VARCHAR,
    relationship_start_lo   DATE,
    relationship_start_hi   DATE,
    relationship_end_text   VARCHAR,
    relationship_end_lo     DATE,
    relationship_end_hi     DATE,
    family_law              BOOLEAN,
    size                    BIGINT,
    problems                VARCHAR[]
);

CREATE TABLE document_person (
    document_key      VARCHAR,
    identity_key      VARCHAR,
    slot              INTEGER,
    origin            VARCHAR,
    municipality      VARCHAR,
    safety_restricted BOOLEAN,
    joined_text       VARCHAR,
    joined_lo         DATE,
    joined_hi         DATE,
    left_text         VARCHAR,
    left_lo           DATE,
    left_hi           DATE,
    pointer           VARCHAR
);

CREATE TABLE service_task_block (
    document_key VARCHAR,
    ordinal      INTEGER,
    task_system  VARCHAR,
    task_code    VARCHAR,
    task_display VARCHAR,
    pointer      VARCHAR
);

CREATE TABLE client_period (
    document_key VARCHAR,
    role         VARCHAR,
    block        INTEGER,
    task_system  VARCHAR,
    task_code    VARCHAR,
    task_display VARCHAR,
    unit         VARCHAR,
    services     VARCHAR[],
    start_text   VARCHAR,
    start_lo     DATE,
    start_hi     DATE,
    end_text     VARCHAR,
    end_lo       DATE,
    end_hi       DATE,
    pointer      VARCHAR
);

CREATE TABLE case_fact (
    document_key VARCHAR,
    case_id      VARCHAR,
    name_code    VARCHAR,
    state        VARCHAR,
    joint        BOOLEAN,
    task_system  VARCHAR,
    task_code    VARCHAR,
    task_display VARCHAR,
    opened_text  VARCHAR,
    opened_lo    DATE,
    opened_hi    DATE,
    closed_text  VARCHAR,
    closed_lo    DATE,
    closed_hi    DATE,
    pointer      VARCHAR
);

CREATE TABLE service_evidence (
    document_key    VARCHAR,
    kind            VARCHAR,
    outcome         VARCHAR,
    task_system     VARCHAR,
    task_code       VARCHAR,
    task_display    VARCHAR,
    service_code    VARCHAR,
    service_display VARCHAR,
    decided_text    VARCHAR,
    decided_lo      DATE,
    decided_hi      DATE,
    start_text      VARCHAR,
    start_lo        DATE,
    start_hi        DATE,
    end_text        VARCHAR,
    end_lo          DATE,
    end_hi          DATE,
    pointer         VARCHAR
);

CREATE TABLE document_task (
    document_key VARCHAR,
    task_system  VARCHAR,
    task_code    VARCHAR,
    task_display VARCHAR,
    pointer      VARCHAR
);

CREATE TABLE frame (
    frame_key       VARCHAR,
    member_key      VARCHAR,
    created_at      TIMESTAMP_S,
    interaction     VARCHAR,
    request_code    VARCHAR,
    request_display VARCHAR,
    voiding         BOOLEAN,
    oid             VARCHAR,
    set_id          VARCHAR,
    version         INTEGER
);

CREATE TABLE quarantine (
    member_key   VARCHAR,
    content_hash VARCHAR,
    source       VARCHAR,
    member       VARCHAR,
    stage        VARCHAR,
    code         VARCHAR,
    message      VARCHAR,
    place        VARCHAR,
    oid          VARCHAR,
    set_id       VARCHAR,
    version      INTEGER,
    kind         VARCHAR,
    organiser    VARCHAR,
    stored_at    TIMESTAMP_S
);

CREATE TABLE quarantine_person (member_key VARCHAR, identity_key VARCHAR);

-- The county's own data. `file` and `row` say where a row came from (file name without its path, 1-based
-- row of the file, the header being row 1).

CREATE TABLE register_episode (
    source_id    VARCHAR,
    identity_key VARCHAR,
    layer        VARCHAR,  -- service-task | child-protection
    service_task VARCHAR,  -- as written: code, own key or name; null when empty
    start_text   VARCHAR,
    start_lo     DATE,
    start_hi     DATE,
    end_text     VARCHAR,  -- null = open
    end_lo       DATE,
    end_hi       DATE,
    organiser    VARCHAR,
    unit         VARCHAR,
    producer     VARCHAR,
    municipality VARCHAR,
    file         VARCHAR,
    row          INTEGER
);

CREATE TABLE register_service (
    source_id      VARCHAR,
    identity_key   VARCHAR,
    kind           VARCHAR,  -- decision-positive | decision-negative | service
    service_task   VARCHAR,
    social_service VARCHAR,
    decided_text   VARCHAR,
    decided_lo     DATE,
    decided_hi     DATE,
    start_text     VARCHAR,
    start_lo       DATE,
    start_hi       DATE,
    end_text       VARCHAR,
    end_lo         DATE,
    end_hi         DATE,
    organiser      VARCHAR,
    file           VARCHAR,
    row            INTEGER
);

CREATE TABLE register_population (
    municipality VARCHAR,
    year         INTEGER,
    age_group    VARCHAR,  -- null = all ages
    population   BIGINT,
    file         VARCHAR,
    row          INTEGER
);

CREATE TABLE register_identity (
    identity_key VARCHAR,
    same_as_key  VARCHAR,
    valid_from   DATE,
    file         VARCHAR,
    row          INTEGER
);

CREATE TABLE register_code (
    code        VARCHAR,
    key         VARCHAR,
    name_fi     VARCHAR,
    name_sv     VARCHAR,
    in_register BOOLEAN,  -- null = not said
    file        VARCHAR,
    row         INTEGER
);

CREATE TABLE register_period (
    period       VARCHAR,
    period_start DATE,
    period_end   DATE,
    deadline     DATE,
    file         VARCHAR,
    row          INTEGER
);

-- Rows of register files that could not be loaded; a later load of the same file replaces them.
CREATE TABLE register_error (
    file   VARCHAR,
    kind   VARCHAR,
    row    INTEGER,
    "column" VARCHAR,
    reason VARCHAR
);

-- What was done to this database: one row per command that wrote, or that revealed identifiers.
CREATE TABLE audit (
    happened_at TIMESTAMP_S,
    command     VARCHAR,
    detail      VARCHAR,  -- JSON: counts and hashes, never identifiers
    os_user     VARCHAR
);

-- What could not be used, at this moment: what the readers put aside, and frames whose document never came.
CREATE VIEW quarantine_listing AS
WITH lone_frame AS (
    SELECT frame.*
    FROM frame
    ANTI JOIN document ON document.oid = frame.oid
    ANTI JOIN quarantine ON quarantine.oid = frame.oid
)
SELECT source, member, stage, code, message, place, stored_at
FROM quarantine
UNION ALL
SELECT
    member.source,
    member.member,
    'frame',
    'frame-without-document',
    'the frame names a document that is not in the archive; ingest that document too',
    'controlActProcess/subject/clinicalDocument/id',
    lone_frame.created_at
FROM lone_frame
JOIN member USING (member_key);
