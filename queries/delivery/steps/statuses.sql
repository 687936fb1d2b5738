-- How many rows have each status.
SELECT part, status, count(*) AS rows
FROM delivery_status
GROUP BY part, status
ORDER BY part, status;
