-- Condition "period": documents stored in each month of the period.
WITH month AS (
    SELECT unnest(generate_series(date_trunc('month', period_start), period_end::TIMESTAMP, INTERVAL 1 MONTH))::DATE AS month
    FROM run
)
SELECT
    strftime(month.month, '%Y-%m') AS month,
    count(document_standing.document_key) AS documents,
    -- On the as-of date the month was not over.
    coalesce(any_value(run.as_of) < last_day(month.month), false) AS open
FROM month
CROSS JOIN run
LEFT JOIN document_standing
    ON date_trunc('month', document_standing.stored_on) = month.month
    AND document_standing.standing <> 'after-as-of'
GROUP BY month.month
ORDER BY month.month;
