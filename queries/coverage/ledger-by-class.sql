-- Rows of the ledger by class, whatever classes are listed.
SELECT class, count(*) FROM ledger_row GROUP BY class ORDER BY class
