-- Service tasks that the header names, with their place.
SELECT document.oid, told.service_task, task.task_code AS code, task.task_system AS system, task.pointer AS place
FROM document_task AS task
JOIN document USING (document_key)
SEMI JOIN told_document USING (document_key)
LEFT JOIN document_service_task AS told
    ON  told.task_system IS NOT DISTINCT FROM task.task_system
    AND told.task_code IS NOT DISTINCT FROM task.task_code
    AND told.task_display IS NOT DISTINCT FROM task.task_display
ORDER BY document.oid, task.pointer, code;
