-- Rows that somebody has to mend (undetermined, partial, missing), by their first reason: by the unit that mends by now (of one
-- that was merged the unit after it) where $by_unit, else by service task and municipality. Of persons under a safety
-- restriction neither unit nor municipality is told.
WITH to_mend AS (
    SELECT
        restricted.person_no IS NOT NULL                                    AS hidden,
        CASE WHEN NOT hidden THEN coalesce(after.new, row.unit) END     AS unit,
        CASE WHEN NOT hidden THEN row.municipality END                  AS municipality,
        row.layer,
        row.service_task,
        row.reasons[1]                                                      AS reason
    FROM ledger_row AS row
    LEFT JOIN restricted_person AS restricted USING (person_no)
    LEFT JOIN succession AS after ON after.kind = 'units' AND after.old = row.unit
    WHERE row.class IN ('undetermined', 'partial', 'missing')
)
SELECT
    CASE WHEN $by_unit THEN hidden END           AS restricted,
    CASE WHEN $by_unit THEN unit END             AS unit,
    CASE WHEN NOT $by_unit THEN layer END        AS layer,
    CASE WHEN NOT $by_unit THEN service_task END AS service_task,
    CASE WHEN NOT $by_unit THEN municipality END AS municipality,
    reason,
    count(*)                                     AS rows
FROM to_mend
GROUP BY ALL
ORDER BY ALL NULLS LAST;
