-- What this delivery holds. A full delivery ($corrections false) holds every missing and partial row; corrections hold
-- what is new, changed or to be withdrawn, and where the setting says so ($correct_doubles) what was delivered otherwise
-- than the row stands now, although it is in Kanta since. Services only when asked for ($with_services).
CREATE OR REPLACE TEMP TABLE row_to_deliver AS
SELECT
    status.* EXCLUDE (status, number, differs),
    service_task.key AS service_task_key,
    CASE status.status
        WHEN 'delivered' THEN 'unchanged'
        WHEN 'double-differs' THEN 'changed'
        ELSE status.status
    END AS change
FROM delivery_status AS status
LEFT JOIN service_task USING (service_task)
WHERE (
        status.status IN ('new', 'changed')
        OR ($corrections AND status.status = 'withdrawn')
        OR ($corrections AND $correct_doubles AND status.status = 'double-differs')
        OR (NOT $corrections AND status.status IN ('delivered', 'ended-since', 'renamed'))
    )
  AND (status.part = 'episodes' OR $with_services);
