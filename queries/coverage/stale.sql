-- How far the data reach that the period is compared by: the day on which the newest document was stored (one in quarantine was
-- read too, and one stored after the as-of date does not exist), and the newest load of each list of episodes that stands.
-- Files without a NAME are one list that goes on. Loads from before loads were numbered tell nothing. How far the list itself
-- reaches its newest start tells (an end may be planned ahead, and a day of loading is no fact of the data).
WITH stored AS (
    SELECT stored_on AS day FROM numbered_standing WHERE standing <> 'after-as-of'
    UNION ALL
    SELECT stored_at::DATE FROM quarantine CROSS JOIN run WHERE coalesce(stored_at::DATE <= run.as_of, true)
),
listed AS (
    SELECT
        CASE WHEN named THEN source END    AS list,
        max(loaded_at)                     AS loaded_at,
        -- total: a load has one number
        arg_max(file, number)              AS file
    FROM register_load
    WHERE kind = 'episodes'
      AND undone_at IS NULL
      AND (NOT named OR source IN (SELECT source FROM register_episode))
    GROUP BY list
)
SELECT
    NULL                                           AS file,
    NULL                                           AS loaded_at,
    max(day)                                       AS newest_document,
    (SELECT max(start_lo) FROM register_episode)   AS newest_row
FROM stored
UNION ALL
SELECT file, loaded_at, NULL, NULL FROM listed
ORDER BY file NULLS FIRST, loaded_at;
