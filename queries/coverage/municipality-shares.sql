-- Condition "population": for each municipality of the population file (latest year not after the period), the
-- population, the clients of the register's rows in scope, those of them all of whose rows are archived, and the persons
-- who are archived in the period but whom the register does not know.
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
    SELECT
        municipality,
        person_key,
        bool_and(class = 'archived') FILTER (class <> 'undetermined')  AS archived,
        bool_or(class = 'undetermined')                                AS undetermined
    FROM ledger
    WHERE class <> 'excluded'
    GROUP BY municipality, person_key
),
placed AS (
    SELECT
        municipality,
        count(*)                                                       AS clients,
        count(*) FILTER (archived AND NOT undetermined)                AS archived_clients,
        count(*) FILTER (undetermined AND coalesce(archived, true))    AS undecided_clients
    FROM client
    GROUP BY municipality
),
only_archived AS (
    SELECT municipality, count(DISTINCT person_key) AS archived_only
    FROM archived_only
    GROUP BY municipality
)
SELECT
    people.municipality,
    people.population,
    coalesce(placed.clients, 0)             AS clients,
    coalesce(placed.archived_clients, 0)    AS archived_clients,
    coalesce(placed.undecided_clients, 0)   AS undecided_clients,
    coalesce(only_archived.archived_only, 0) AS archived_only
FROM people
LEFT JOIN placed USING (municipality)
LEFT JOIN only_archived USING (municipality)
ORDER BY people.municipality;
