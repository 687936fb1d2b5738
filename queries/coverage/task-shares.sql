-- Condition "service tasks": archived rows of each task that the register's rows in scope name.
SELECT
    service_task,
    count(*) FILTER (class = 'archived')                          AS archived,
    count(*) FILTER (class IN ('archived', 'partial', 'missing')) AS rows,
    count(*) FILTER (class = 'undetermined')                      AS undetermined
FROM ledger
WHERE class <> 'excluded' AND layer = 'service-task'
GROUP BY service_task
ORDER BY service_task;
