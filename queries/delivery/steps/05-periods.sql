-- Which period a delivery belongs to by now. The periods file may be corrected after a delivery was written: the delivery
-- follows its period by the name, and where the file does not know the name by the days.
CREATE OR REPLACE TEMP VIEW delivery_of_period AS
WITH same_days AS (
    SELECT period_start, period_end, min(period) AS period
    FROM register_period
    GROUP BY period_start, period_end
)
SELECT
    delivery.*,
    coalesce(named.period, same_days.period, delivery.period)         AS period_now,
    coalesce(named.period_start, same_days.period_start, delivery.period_start) AS period_now_start,
    coalesce(named.period_end, same_days.period_end, delivery.period_end)       AS period_now_end,
    -- Only a period that no file states is known by its days as well.
    named.period IS NULL AND same_days.period IS NULL                 AS unstated
FROM delivery
LEFT JOIN register_period AS named ON named.period = delivery.period
LEFT JOIN same_days
    ON  same_days.period_start = delivery.period_start
    AND same_days.period_end = delivery.period_end;

-- The last answer of the receiver to each delivery.
CREATE OR REPLACE TEMP VIEW standing_receipt AS
SELECT *
FROM delivery_receipt
-- total: two answers of one moment that say the same are one
QUALIFY row_number() OVER (
    PARTITION BY number ORDER BY kept_at DESC, sent_on DESC, receipt DESC, accepted DESC, refused DESC, note DESC) = 1;
