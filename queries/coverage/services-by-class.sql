-- Rows of the services ledger by class, whatever classes are listed.
SELECT class, count(*) FROM service_ledger GROUP BY class ORDER BY class
