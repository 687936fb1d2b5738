-- Counts of what this delivery holds, to be tied to the ledger and to the rows that the profile gives.
SELECT part, change, count(*) AS rows
FROM row_to_deliver
GROUP BY part, change
ORDER BY part, change;
