-- What the receiver holds by now: the newest telling of each row in the deliveries of this period, unless withdrawn.
-- Deliveries marked as sent count; while none of the period is marked, every one that was written counts.
CREATE OR REPLACE TEMP TABLE period_delivery AS
SELECT delivery.*, delivery.sent_at IS NOT NULL OR NOT bool_or(delivery.sent_at IS NOT NULL) OVER () AS counts
FROM delivery
CROSS JOIN run
WHERE delivery.period_start = run.period_start AND delivery.period_end = run.period_end;

CREATE OR REPLACE TEMP TABLE delivered_row AS
WITH told AS (
    SELECT delivery_row.*
    FROM delivery_row
    SEMI JOIN (FROM period_delivery WHERE counts) AS counted USING (number)
    -- total: a delivery tells of a row once
    QUALIFY row_number() OVER (PARTITION BY delivery_row.part, delivery_row.source_id ORDER BY number DESC) = 1
)
SELECT * FROM told WHERE change <> 'withdrawn';
