-- Dated periods of client-relationship documents.
SELECT document.oid, period.role, task.service_task, CASE WHEN restricted.document_key IS NULL THEN period.unit END AS unit,
       period.start_text AS start, period.end_text AS end,
       period.pointer AS place
FROM client_period AS period
JOIN document USING (document_key)
SEMI JOIN told_document USING (document_key)
LEFT JOIN restricted_document AS restricted USING (document_key)
LEFT JOIN document_service_task AS task
    ON  task.task_system IS NOT DISTINCT FROM period.task_system
    AND task.task_code IS NOT DISTINCT FROM period.task_code
    AND task.task_display IS NOT DISTINCT FROM period.task_display
ORDER BY document.oid, period.pointer;
