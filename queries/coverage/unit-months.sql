-- Condition "period": for each series (kind of document, unit) that has an earlier level, the documents stored in each
-- month of the period. The level is the median of the twelve months before the period, months without any included.
-- Parameters: $active_months (of the twelve, from which a series is established), $least_level (documents a month).
WITH bounds AS (
    SELECT
        date_trunc('month', period_start)::DATE AS first_month,
        date_trunc('month', period_end)::DATE   AS last_month,
        as_of
    FROM run
),
stored AS (
    SELECT
        document.kind,
        document.unit,
        date_trunc('month', standing.stored_on)::DATE AS month,
        count(*)                                      AS documents
    FROM document_standing AS standing
    JOIN document USING (document_key)
    CROSS JOIN bounds
    WHERE standing.standing <> 'after-as-of'
      AND document.kind IN ('client-relationship', 'case', 'client')
      AND standing.stored_on >= bounds.first_month - INTERVAL 12 MONTH
      AND standing.stored_on < bounds.last_month + INTERVAL 1 MONTH
    GROUP BY ALL
),
series AS (
    -- Of twelve months, those without a document have no row: they fill up the list with zeros.
    SELECT
        stored.kind,
        stored.unit,
        list_resize(list(stored.documents), 12, 0).list_median() AS level
    FROM stored
    CROSS JOIN bounds
    WHERE stored.month < bounds.first_month
    GROUP BY stored.kind, stored.unit
    HAVING count(*) >= $active_months AND level >= $least_level
),
month AS (
    SELECT unnest(generate_series(first_month::TIMESTAMP, last_month::TIMESTAMP, INTERVAL 1 MONTH))::DATE AS month
    FROM bounds
)
SELECT
    series.kind,
    series.unit,
    series.level,
    strftime(month.month, '%Y-%m')                              AS month,
    coalesce(stored.documents, 0)                               AS documents,
    month.month IN (bounds.first_month, bounds.last_month)      AS edge
FROM series
CROSS JOIN month
CROSS JOIN bounds
LEFT JOIN stored
    ON stored.kind = series.kind AND stored.unit IS NOT DISTINCT FROM series.unit AND stored.month = month.month
WHERE coalesce(bounds.as_of >= last_day(month.month), true)
ORDER BY series.kind, series.unit NULLS LAST, month.month;
