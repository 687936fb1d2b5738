-- What this delivery holds. A full delivery ($corrections false) holds every missing and partial row; corrections hold
-- what is new, changed or to be withdrawn. Services only when asked for ($with_services).
CREATE OR REPLACE TEMP TABLE row_to_deliver AS
SELECT
    status.* EXCLUDE (status, number, differs),
    service_task.key AS service_task_key,
    CASE status.status WHEN 'delivered' THEN 'unchanged' ELSE status.status END AS change
FROM delivery_status AS status
LEFT JOIN service_task USING (service_task)
WHERE status.status IN ('new', 'changed', CASE WHEN $corrections THEN 'withdrawn' ELSE 'delivered' END)
  AND (status.part = 'episodes' OR $with_services);
