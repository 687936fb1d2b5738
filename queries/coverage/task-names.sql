-- How service tasks are called, for faces.
SELECT service_task, key, name_fi, name_sv
FROM service_task
ORDER BY service_task;
