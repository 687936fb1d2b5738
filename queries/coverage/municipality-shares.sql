-- Condition "population": for each municipality of the population file (latest year not after the period), the
-- population, the clients of the register's rows in scope, and those of them all of whose rows are archived.
WITH latest AS (
    SELECT municipality, max(year) AS year
    FROM register_population
    CROSS JOIN run
    WHERE year <= date_part('year', run.period_end)
    GROUP BY municipality
),
people AS (
    -- Rows without an age group are the whole; else the age groups add up to it.
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
client AS (
    SELECT municipality, person_key, bool_and(class = 'archived') AS archived
    FROM ledger
    WHERE class <> 'excluded'
    GROUP BY municipality, person_key
)
SELECT
    people.municipality,
    people.population,
    count(client.person_key)                  AS clients,
    count(*) FILTER (client.archived)         AS archived_clients
FROM people
LEFT JOIN client USING (municipality)
GROUP BY people.municipality, people.population
ORDER BY people.municipality;
