-- What became of the rows to mend since the period ($period_start, $period_end) was looked at last: mended (archived now, or of the
-- register no more), and come (to mend now, and not then). Nothing where it was never looked at.
WITH standing_run AS (
    -- States seen under a load that was taken back were never so.
    SELECT max(run.number) AS number
    FROM remembered_run AS run
    LEFT JOIN register_load AS load ON load.number = run.load
    WHERE run.period_start = $period_start AND run.period_end = $period_end AND load.undone_at IS NULL
),
before AS (
    SELECT remembered_row.source_id
    FROM remembered_row
    JOIN standing_run
        ON  remembered_row.since_run <= standing_run.number
        AND coalesce(remembered_row.until_run > standing_run.number, true)
    WHERE period_start = $period_start AND period_end = $period_end
      AND class IN ('undetermined', 'partial', 'missing')
),
now AS (
    SELECT source_id FROM ledger_row WHERE class IN ('undetermined', 'partial', 'missing')
)
SELECT
    (SELECT count(*) FROM before ANTI JOIN now USING (source_id)) AS mended,
    (SELECT count(*) FROM now ANTI JOIN before USING (source_id)) AS come
FROM standing_run
WHERE number IS NOT NULL;
