-- The deliveries of the period, oldest first, with what the ledger lacked at that moment.
SELECT
    delivery.number, delivery.written_at, delivery.sent_at, delivery.profile, delivery.corrections,
    (SELECT count(*) FROM delivery_row WHERE delivery_row.number = delivery.number) AS rows,
    delivery.missing, delivery.partial, delivery.counts
FROM period_delivery AS delivery
ORDER BY delivery.number;
