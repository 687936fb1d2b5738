-- Condition "service tasks": each task in scope that the register, the documents or the list of tasks know, by layer:
-- archived rows of those that could be archived, undetermined rows, archived episodes that the register lacks.
WITH counted AS (
    SELECT
        layer,
        service_task,
        count(*) FILTER (class = 'archived')                          AS archived,
        count(*) FILTER (class IN ('archived', 'partial', 'missing')) AS rows,
        count(*) FILTER (class = 'undetermined')                      AS undetermined
    FROM ledger_row
    WHERE class <> 'excluded'
    GROUP BY layer, service_task
),
only_archived AS (
    SELECT layer, service_task, count(*) AS archived_only
    FROM archived_only
    GROUP BY layer, service_task
),
listed AS (
    SELECT 'service-task' AS layer, service_task FROM service_task WHERE in_register AND NOT family_law
    UNION
    SELECT 'child-protection', service_task FROM service_task WHERE key = 'child_protection' AND in_register
    UNION
    SELECT layer, service_task FROM counted
    UNION
    SELECT layer, service_task FROM only_archived
)
SELECT
    listed.layer,
    listed.service_task,
    coalesce(counted.archived, 0)           AS archived,
    coalesce(counted.rows, 0)               AS rows,
    coalesce(counted.undetermined, 0)       AS undetermined,
    coalesce(only_archived.archived_only, 0) AS archived_only
FROM listed
LEFT JOIN counted ON counted.layer = listed.layer AND counted.service_task IS NOT DISTINCT FROM listed.service_task
LEFT JOIN only_archived
    ON only_archived.layer = listed.layer AND only_archived.service_task IS NOT DISTINCT FROM listed.service_task
ORDER BY listed.layer DESC, listed.service_task;
