-- Service-task blocks, also those without dates.
SELECT document.oid, task.service_task, block.pointer AS place
FROM service_task_block AS block
JOIN document USING (document_key)
SEMI JOIN told_document USING (document_key)
LEFT JOIN document_service_task AS task
    ON  task.task_system IS NOT DISTINCT FROM block.task_system
    AND task.task_code IS NOT DISTINCT FROM block.task_code
    AND task.task_display IS NOT DISTINCT FROM block.task_display
ORDER BY document.oid, block.ordinal;
