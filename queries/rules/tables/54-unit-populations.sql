-- Units that stored documents in the twelve months before the period, and how many were to be expected in it, by days: where
-- the units file says that a unit closed, nothing is to be expected of it after that. Only material that reaches the
-- period's last month can be silent in it.
CREATE OR REPLACE TEMP VIEW unit_before AS
WITH earlier AS (
    SELECT unit_month.unit, sum(unit_month.documents) AS documents
    FROM unit_month
    CROSS JOIN run
    CROSS JOIN reference_day
    WHERE unit_month.month < date_trunc('month', run.period_start)
      AND unit_month.unit IS NOT NULL
      AND reference_day.day >= date_trunc('month', run.period_end)
    GROUP BY unit_month.unit
),
dated AS (
    SELECT
        earlier.unit,
        earlier.documents,
        least(reference_day.day, run.period_end, coalesce(register_unit.valid_to, run.period_end)) AS last_day,
        run.period_start
    FROM earlier
    CROSS JOIN run
    CROSS JOIN reference_day
    LEFT JOIN register_unit ON register_unit.oid = earlier.unit
)
SELECT unit, documents, documents * (last_day - period_start + 1) / 365 AS expected
FROM dated
WHERE last_day >= period_start;
