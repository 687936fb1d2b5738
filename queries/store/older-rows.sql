-- Files whose rows an older version of the register's reader read, and how many of their rows stand, refused ones too. The
-- load that saw a row last is the one that read it.
WITH standing AS (
    SELECT file, seen FROM register_episode
    UNION ALL
    SELECT file, seen FROM register_service
    UNION ALL
    SELECT file, seen FROM register_identity
    UNION ALL
    SELECT file, seen FROM register_code
    UNION ALL
    SELECT file, seen FROM register_period
    UNION ALL
    SELECT file, seen FROM register_population
    UNION ALL
    SELECT file, seen FROM register_unit
    UNION ALL
    SELECT file, seen FROM register_reference
    UNION ALL
    SELECT file, load AS seen FROM register_refused
)
SELECT standing.file, count(*) AS rows
FROM standing
LEFT JOIN register_load AS load ON load.number = standing.seen
WHERE coalesce(load.reader, 0) < $reader
GROUP BY standing.file
ORDER BY standing.file NULLS LAST
