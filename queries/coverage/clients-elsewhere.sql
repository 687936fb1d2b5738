-- Condition "population": clients whose municipality is not known, or not of the population file or the county.
SELECT
    client.municipality,
    count(*)                                               AS clients,
    count(*) FILTER (client.archived AND NOT undetermined) AS archived_clients
FROM client
ANTI JOIN people USING (municipality)
GROUP BY client.municipality
ORDER BY client.municipality NULLS LAST;
