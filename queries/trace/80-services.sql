-- Decisions, service entries and plans.
SELECT document.oid, evidence.kind, evidence.outcome, task.service_task, evidence.service_code, evidence.decided_text AS decided,
       evidence.start_text AS start, evidence.end_text AS end, evidence.pointer AS place
FROM service_evidence AS evidence
JOIN document USING (document_key)
SEMI JOIN told_document USING (document_key)
LEFT JOIN document_service_task AS task
    ON  task.task_system IS NOT DISTINCT FROM evidence.task_system
    AND task.task_code IS NOT DISTINCT FROM evidence.task_code
    AND task.task_display IS NOT DISTINCT FROM evidence.task_display
ORDER BY document.oid, evidence.pointer, evidence.kind;
