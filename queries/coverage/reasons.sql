-- How often each reason is told, by class.
SELECT ledger.class, ledger_reason.reason, count(*) AS rows
FROM ledger_reason
JOIN ledger USING (source_id)
JOIN reason_order USING (reason)
GROUP BY ledger.class, ledger_reason.reason, reason_order.rank
ORDER BY reason_order.rank, ledger.class;
