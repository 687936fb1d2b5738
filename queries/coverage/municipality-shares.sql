-- Condition "population": for each municipality of the population file or the county, and each age group that the file
-- tells, the population, the register's clients, those of them all of whose rows are archived, those whose share is
-- undecided, and persons who are archived in the period but whom the register does not know.
WITH placed AS (
    SELECT
        municipality,
        age_group,
        count(*)                                             AS clients,
        count(*) FILTER (archived AND NOT undetermined)      AS archived_clients,
        count(*) FILTER (archived AND undetermined)          AS undecided_clients
    FROM client
    GROUP BY GROUPING SETS ((municipality), (municipality, age_group))
    HAVING GROUPING(age_group) = 1 OR age_group IS NOT NULL
),
only_archived AS (
    SELECT municipality, age_group, count(DISTINCT person_key) AS archived_only
    FROM archived_only
    GROUP BY GROUPING SETS ((municipality), (municipality, age_group))
    HAVING GROUPING(age_group) = 1 OR age_group IS NOT NULL
)
SELECT
    people.municipality,
    people.age_group,
    people.year,
    people.population,
    coalesce(placed.clients, 0)              AS clients,
    coalesce(placed.archived_clients, 0)     AS archived_clients,
    coalesce(placed.undecided_clients, 0)    AS undecided_clients,
    coalesce(only_archived.archived_only, 0) AS archived_only
FROM people
LEFT JOIN placed
    ON placed.municipality = people.municipality AND placed.age_group IS NOT DISTINCT FROM people.age_group
LEFT JOIN only_archived
    ON only_archived.municipality = people.municipality AND only_archived.age_group IS NOT DISTINCT FROM people.age_group
ORDER BY people.municipality, people.age_group NULLS FIRST;
