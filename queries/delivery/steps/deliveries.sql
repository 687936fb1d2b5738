-- The deliveries of the period, in their order, with what the ledger lacked at that moment and what the receiver answered.
SELECT
    delivery.number, delivery.written_at, delivery.sent_at, delivery.profile, delivery.corrections,
    (SELECT count(*) FROM delivery_row WHERE delivery_row.number = delivery.number) AS rows,
    delivery.missing, delivery.partial, delivery.counts, delivery.adopted_at,
    receipt.sent_on, receipt.receipt, receipt.accepted, receipt.refused, receipt.note,
    (SELECT count(*) FROM delivery_returned WHERE delivery_returned.number = delivery.number) AS returned
FROM period_delivery AS delivery
LEFT JOIN standing_receipt AS receipt USING (number)
ORDER BY delivery.turn;
