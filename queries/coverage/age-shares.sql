-- Condition "population": clients by age group on the first day of the period, where the population file has age groups.
WITH client AS (
    SELECT age_group, person_key, bool_and(class = 'archived') AS archived
    FROM ledger
    WHERE class IN ('archived', 'partial', 'missing')
    GROUP BY age_group, person_key
)
SELECT client.age_group, count(*) AS clients, count(*) FILTER (client.archived) AS archived_clients
FROM client
SEMI JOIN register_population USING (age_group)
GROUP BY client.age_group
ORDER BY client.age_group;
