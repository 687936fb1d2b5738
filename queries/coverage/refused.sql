-- Rows of the lists that could not be read, of the period: episodes and services.
SELECT count(*) FILTER (kind = 'episodes') AS episodes, count(*) FILTER (kind = 'services') AS services
FROM refused_row;
