-- Rows that lack in the newest state remembered of a period ($period, $period_start, $period_end) and were not sent as they stand
-- there; null while nothing of the period was sent. Ends that both lie after the period are no difference.
WITH told AS (
    SELECT
        delivery_row.*,
        -- total: a delivery tells of a row once, and has one number
        row_number() OVER (
            PARTITION BY delivery_row.source_id
            ORDER BY coalesce(delivery.place, delivery.number) DESC, delivery.number DESC
        ) AS turn
    FROM delivery
    JOIN delivery_row USING (number)
    ANTI JOIN delivery_returned AS returned
        ON returned.number = delivery_row.number
        AND returned.part = delivery_row.part
        AND returned.source_id = delivery_row.source_id
    WHERE delivery.sent_at IS NOT NULL
      AND delivery_row.part = 'episodes'
      AND (delivery.period = $period OR (delivery.period_start = $period_start AND delivery.period_end = $period_end))
),
sent AS (
    FROM told WHERE turn = 1 AND change <> 'withdrawn'
),
lacking AS (
    FROM remembered_row
    WHERE period_start = $period_start AND period_end = $period_end AND until_run IS NULL AND class IN ('missing', 'partial')
)
SELECT CASE
    WHEN EXISTS (
        FROM delivery
        WHERE sent_at IS NOT NULL
          AND (period = $period OR (period_start = $period_start AND period_end = $period_end))
    ) THEN (SELECT count(*) FROM lacking) - (
        SELECT count(*)
        FROM lacking
        JOIN sent
            ON  sent.source_id = lacking.source_id
            AND coalesce(sent.identity_key = lacking.identity_key, list_contains(sent.untold, 'person'))
            AND sent.layer IS NOT DISTINCT FROM lacking.layer
            AND sent.organiser IS NOT DISTINCT FROM lacking.organiser
            AND (sent.service_task IS NOT DISTINCT FROM lacking.service_task
                OR coalesce(list_contains(sent.untold, 'service_task'), false))
            AND sent.start_text IS NOT DISTINCT FROM lacking.start_text
            AND (sent.end_text IS NOT DISTINCT FROM lacking.end_text
                OR (coalesce(sent.end_text > $period_end::VARCHAR, true)
                    AND coalesce(lacking.end_text > $period_end::VARCHAR, true)))
    )
END AS unsent;
