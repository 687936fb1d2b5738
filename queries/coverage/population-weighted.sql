-- Coverage as the authority itself measures it, over municipalities: for each service task, the share of the population
-- that lives where the task is comprehensive (archived rows reach $service_task_share of those that could be archived).
WITH latest AS (
    SELECT municipality, max(year) AS year
    FROM register_population
    CROSS JOIN run
    WHERE year <= date_part('year', run.period_end)
    GROUP BY municipality
),
people AS (
    SELECT
        population.municipality,
        coalesce(
            sum(population.population) FILTER (population.age_group IS NULL),
            sum(population.population)
        )::BIGINT AS population
    FROM register_population AS population
    JOIN latest USING (municipality, year)
    GROUP BY population.municipality
),
task AS (
    SELECT
        service_task,
        municipality,
        count(*) FILTER (class = 'archived') >= $service_task_share * count(*) AS comprehensive
    FROM ledger
    WHERE layer = 'service-task' AND class IN ('archived', 'partial', 'missing')
    GROUP BY service_task, municipality
)
SELECT
    task.service_task,
    coalesce(sum(people.population) FILTER (task.comprehensive), 0)::BIGINT AS population,
    (SELECT sum(population) FROM people)::BIGINT                            AS whole
FROM task
JOIN people USING (municipality)
GROUP BY task.service_task
ORDER BY task.service_task;
