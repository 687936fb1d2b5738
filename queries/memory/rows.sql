-- What is remembered of the ledger's rows: those that stand otherwise, or not at all, in the run remembered last of the
-- period ($period_start, $period_end).
WITH seen AS (
    SELECT
        ledger.source_id,
        ledger.identity_key,
        ledger.layer,
        ledger.service_task,
        ledger.organiser,
        ledger.unit,
        ledger.municipality,
        episode.start_text,
        episode.start_lo,
        episode.start_hi,
        episode.end_text,
        CASE WHEN episode.end_text IS NOT NULL THEN episode.end_lo END AS end_lo,
        CASE WHEN episode.end_text IS NOT NULL THEN episode.end_hi END AS end_hi,
        ledger.class
    FROM ledger_row AS ledger
    JOIN register_row AS episode USING (row_no)
)
SELECT seen.*
FROM seen
ANTI JOIN (
    FROM remembered_row
    WHERE period_start = $period_start AND period_end = $period_end AND until_run IS NULL
) AS standing
    ON  standing.source_id = seen.source_id
    AND standing.identity_key IS NOT DISTINCT FROM seen.identity_key
    AND standing.layer IS NOT DISTINCT FROM seen.layer
    AND standing.service_task IS NOT DISTINCT FROM seen.service_task
    AND standing.organiser IS NOT DISTINCT FROM seen.organiser
    AND standing.unit IS NOT DISTINCT FROM seen.unit
    AND standing.municipality IS NOT DISTINCT FROM seen.municipality
    AND standing.start_text IS NOT DISTINCT FROM seen.start_text
    AND standing.start_lo IS NOT DISTINCT FROM seen.start_lo
    AND standing.start_hi IS NOT DISTINCT FROM seen.start_hi
    AND standing.end_text IS NOT DISTINCT FROM seen.end_text
    AND standing.end_lo IS NOT DISTINCT FROM seen.end_lo
    AND standing.end_hi IS NOT DISTINCT FROM seen.end_hi
    AND standing.class IS NOT DISTINCT FROM seen.class;
