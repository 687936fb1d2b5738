-- Cases.
SELECT document.oid, case_fact.case_id, task.service_task, case_fact.opened_text AS opened, case_fact.closed_text AS closed,
       case_fact.state, case_fact.joint, case_fact.pointer AS place
FROM case_fact
JOIN document USING (document_key)
SEMI JOIN told_document USING (document_key)
LEFT JOIN document_service_task AS task
    ON  task.task_system IS NOT DISTINCT FROM case_fact.task_system
    AND task.task_code IS NOT DISTINCT FROM case_fact.task_code
    AND task.task_display IS NOT DISTINCT FROM case_fact.task_display
ORDER BY document.oid, case_fact.pointer;
