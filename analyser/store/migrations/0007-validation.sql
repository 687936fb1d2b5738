-- How strictly a file was checked when it was read: whoever asks for more has it read again, though it has not changed.
-- A file that has no row here was read without any check.
CREATE TABLE IF NOT EXISTS file_validation (
    file_key  VARCHAR,
    structure VARCHAR,  -- hash of the schema that its envelopes were held against
    content   VARCHAR   -- hash of the definitions that its contents were held against; null: of none
);
