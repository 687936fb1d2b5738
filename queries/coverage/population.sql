-- Condition "population", what the later questions stand on: the people of each municipality, and the register's clients.
-- Parameter: $county (list of the municipalities of the county, empty when none is named in the settings).

-- People by municipality and age group, of the latest year of the population file that is not after the period's. The row
-- without an age group is the whole: as the file tells it, else the sum of its age groups. A municipality of the county
-- that the file lacks has no population.
CREATE OR REPLACE TEMP TABLE people AS
WITH latest AS (
    SELECT register_population.municipality, max(register_population.year) AS year
    FROM register_population
    CROSS JOIN run
    WHERE register_population.year <= date_part('year', run.period_end)
    GROUP BY register_population.municipality
),
stated AS (
    SELECT population.municipality, population.year, population.age_group, population.population
    FROM register_population AS population
    JOIN latest USING (municipality, year)
)
SELECT municipality, year, age_group, population FROM stated WHERE age_group IS NOT NULL
UNION ALL
SELECT
    municipality,
    min(year),
    NULL,
    coalesce(sum(population) FILTER (age_group IS NULL), sum(population))::BIGINT
FROM stated
GROUP BY municipality
UNION ALL
SELECT county.municipality, NULL, NULL, NULL
FROM (SELECT unnest($county::VARCHAR[]) AS municipality) AS county
ANTI JOIN stated USING (municipality);

-- The register's clients in scope: whether every row of theirs is archived, and whether one is undetermined.
CREATE OR REPLACE TEMP TABLE client AS
SELECT
    municipality,
    age_group,
    coalesce(bool_and(class = 'archived') FILTER (class <> 'undetermined'), true) AS archived,
    bool_or(class = 'undetermined')                                              AS undetermined
FROM ledger_row
WHERE class <> 'excluded'
GROUP BY person_no, municipality, age_group;
