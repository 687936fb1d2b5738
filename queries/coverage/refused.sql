-- Rows that could not be read, of the period, by the kind of list: episodes, services, and the lists by which both are read.
SELECT kind, count(*) AS rows
FROM refused_row
GROUP BY kind
ORDER BY kind;
