-- Rows that could not be read, of the period: episodes, services, and the lists by which both are read.
SELECT
    count(*) FILTER (kind = 'episodes')                     AS episodes,
    count(*) FILTER (kind = 'services')                     AS services,
    count(*) FILTER (kind NOT IN ('episodes', 'services'))  AS others
FROM refused_row;
