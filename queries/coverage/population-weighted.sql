-- Coverage as the authority itself measures it, over municipalities: for each service task, the population that lives where
-- the task is comprehensive (archived rows reach $service_task_share of those that could be archived), where it is not,
-- and where the register has no row of the task.
WITH task AS (
    SELECT
        service_task,
        municipality,
        count(*) FILTER (class = 'archived') >= $service_task_share * count(*) AS comprehensive
    FROM ledger_row
    WHERE layer = 'service-task' AND class IN ('archived', 'partial', 'missing')
    GROUP BY service_task, municipality
),
asked AS (
    SELECT tasks.service_task, people.municipality, people.population
    FROM (SELECT DISTINCT service_task FROM task) AS tasks
    CROSS JOIN people
    WHERE people.age_group IS NULL
)
SELECT
    asked.service_task,
    coalesce(sum(asked.population) FILTER (task.comprehensive), 0)::BIGINT         AS comprehensive,
    coalesce(sum(asked.population) FILTER (NOT task.comprehensive), 0)::BIGINT     AS not_comprehensive,
    coalesce(sum(asked.population) FILTER (task.comprehensive IS NULL), 0)::BIGINT AS without_rows
FROM asked
LEFT JOIN task USING (service_task, municipality)
GROUP BY asked.service_task
ORDER BY asked.service_task;
