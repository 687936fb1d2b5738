-- How many other deliveries of the period of delivery $number are marked as sent: later ones of corrections ($later), or
-- earlier ones of any kind. Needs `delivery_of_period`.
WITH turned AS (
    SELECT
        *,
        -- total: a delivery has one number
        row_number() OVER (ORDER BY coalesce(place, number), adopted_at IS NULL, number) AS turn
    FROM delivery_of_period
)
SELECT count(*)
FROM turned AS one
JOIN turned AS other
    ON  other.period_now = one.period_now
    OR (one.unstated AND other.unstated AND other.period_start = one.period_start AND other.period_end = one.period_end)
WHERE one.number = $number
  AND other.sent_at IS NOT NULL
  AND CASE WHEN $later THEN other.turn > one.turn AND other.corrections ELSE other.turn < one.turn END;
