-- Every delivery, oldest first, with what it told and whether it waits: it is not marked as sent and no later one of its period
-- is, or the receiver refused rows of it and no later one was sent since. Needs `delivery_of_period` and `standing_receipt`.
-- $period: of that period alone, by its name or, where no file states it, by its days; null: all.
WITH turned AS (
    SELECT
        *,
        -- total: a delivery has one number
        row_number() OVER (ORDER BY coalesce(place, number), adopted_at IS NULL, number) AS turn,
        -- One period, however it was called when the delivery was written.
        CASE WHEN unstated THEN concat_ws(' ', period_start, period_end) ELSE period_now END AS of_period
    FROM delivery_of_period
),
told AS (
    SELECT
        number,
        count(*)                                AS rows,
        count(*) FILTER (change = 'new')        AS new,
        count(*) FILTER (change = 'changed')    AS changed,
        count(*) FILTER (change = 'withdrawn')  AS withdrawn
    FROM delivery_row
    GROUP BY number
),
followed AS (
    SELECT of_period, max(turn) AS turn
    FROM turned
    WHERE sent_at IS NOT NULL
    GROUP BY of_period
)
SELECT
    turned.number, turned.period_now AS period, turned.corrections, turned.profile, turned.written_at, turned.written_by,
    turned.adopted_at, turned.sent_at, turned.sent_by,
    coalesce(told.rows, 0) AS rows, coalesce(told.new, 0) AS new, coalesce(told.changed, 0) AS changed,
    coalesce(told.withdrawn, 0) AS withdrawn,
    turned.sent_at IS NULL AND coalesce(followed.turn < turned.turn, true)                     AS unsent,
    CASE WHEN coalesce(followed.turn, 0) <= turned.turn THEN coalesce(receipt.refused, 0) ELSE 0 END AS refused
FROM turned
LEFT JOIN told USING (number)
LEFT JOIN followed USING (of_period)
LEFT JOIN standing_receipt AS receipt USING (number)
WHERE $period IS NULL
   OR turned.period_now = $period
   OR (turned.unstated AND turned.period_start = $period_start AND turned.period_end = $period_end)
ORDER BY turned.turn;
