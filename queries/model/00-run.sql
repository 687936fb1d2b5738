-- What is asked: one row. Every later step reads it, so a step can be rebuilt by hand in the DuckDB shell.
-- Parameters: $period_id, $period_start, $period_end, $as_of (NULL = now), $organisers (list, empty = those of the
-- register), $producer_periods_cover, $acknowledgements (when-present, required, ignore), $accepting_codes and
-- $refusing_codes (lists: further codes of answers).
CREATE OR REPLACE TEMP TABLE run AS
SELECT
    $period_id::VARCHAR                AS period_id,
    $period_start::DATE                AS period_start,
    $period_end::DATE                  AS period_end,
    $as_of::DATE                       AS as_of,
    $organisers::VARCHAR[]             AS organisers,
    $producer_periods_cover::BOOLEAN   AS producer_periods_cover,
    $acknowledgements::VARCHAR         AS acknowledgements,
    $accepting_codes::VARCHAR[]        AS accepting_codes,
    $refusing_codes::VARCHAR[]         AS refusing_codes,
    DATE '9999-12-31'                  AS open_end;
