-- Condition "period": documents of each month of the period, by document group, and by group and unit, beside the series'
-- own earlier level. A document belongs to the month in which it was made (its effectiveTime; without one, the month in
-- which it was stored): one that is stored late still covers its month.
-- The level is the median of the twelve months before the period, months without any document included; it is empty for a
-- series that does not yet have one.
-- Parameters: $active_months (of the twelve, with documents, from which there is a level), $least_level (documents a month).
WITH bounds AS (
    SELECT
        date_trunc('month', period_start)::DATE                     AS first_month,
        date_trunc('month', period_end)::DATE                       AS last_month,
        date_trunc('month', period_start - INTERVAL 12 MONTH)::DATE AS first_earlier,
        as_of
    FROM run
),
made AS (
    SELECT
        standing.kind                                                                        AS document_group,
        -- A document about somebody under a safety restriction counts, but under no unit.
        CASE WHEN restricted.document_no IS NULL THEN coalesce(after.new, document.unit) END AS unit,
        date_trunc('month', coalesce(standing.effective_at::DATE, standing.stored_on))::DATE AS month
    FROM numbered_standing AS standing
    JOIN document ON document.rowid = standing.document_no
    LEFT JOIN restricted_document AS restricted USING (document_no)
    -- What an old unit made is the new one's earlier level: a unit that was merged has not fallen silent.
    LEFT JOIN succession AS after ON after.kind = 'units' AND after.old = document.unit
    WHERE standing.standing <> 'after-as-of'
      AND standing.in_scope
      AND standing.kind IN ('client-relationship', 'case', 'client')
),
counted AS (
    SELECT made.document_group, made.unit, GROUPING(made.unit) = 0 AS by_unit, made.month, count(*) AS documents
    FROM made
    CROSS JOIN bounds
    WHERE made.month BETWEEN bounds.first_earlier AND bounds.last_month
    GROUP BY GROUPING SETS ((made.document_group, made.month), (made.document_group, made.unit, made.month))
),
series AS (
    -- Of twelve months, those without a document have no row: they fill up the list with zeros.
    SELECT
        counted.document_group,
        counted.unit,
        counted.by_unit,
        -- total: a median asks for no order
        list_resize(
            coalesce(list(counted.documents) FILTER (counted.month < bounds.first_month), []), 12, 0
        ).list_median()                                          AS median,
        count(*) FILTER (counted.month < bounds.first_month)     AS active
    FROM counted
    CROSS JOIN bounds
    GROUP BY counted.document_group, counted.unit, counted.by_unit
),
month AS (
    SELECT unnest(generate_series(first_month::TIMESTAMP, last_month::TIMESTAMP, INTERVAL 1 MONTH))::DATE AS month
    FROM bounds
),
closed AS (
    -- Months in which the units file has a unit closed, wholly or in part.
    SELECT register_unit.oid AS unit, month.month
    FROM register_unit
    CROSS JOIN month
    WHERE register_unit.valid_to < last_day(month.month) OR register_unit.valid_from > month.month
)
SELECT
    series.by_unit,
    series.document_group,
    series.unit,
    strftime(month.month, '%Y-%m')                                                          AS month,
    coalesce(counted.documents, 0)                                                          AS documents,
    CASE WHEN series.active >= $active_months AND series.median >= $least_level THEN series.median END AS level,
    month.month IN (bounds.first_month, bounds.last_month)                                  AS edge,
    -- On the as-of date the month was not over.
    coalesce(bounds.as_of < last_day(month.month), false)                                   AS open,
    closed.unit IS NOT NULL                                                                 AS closed
FROM series
CROSS JOIN month
CROSS JOIN bounds
LEFT JOIN counted
    ON  counted.document_group = series.document_group
    AND counted.by_unit = series.by_unit
    AND counted.unit IS NOT DISTINCT FROM series.unit
    AND counted.month = month.month
LEFT JOIN closed
    ON closed.unit = series.unit AND closed.month = month.month
ORDER BY
    series.by_unit,
    list_position(['client-relationship', 'case', 'client'], series.document_group),
    series.unit NULLS LAST,
    month.month;
