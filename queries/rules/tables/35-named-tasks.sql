-- Service tasks as documents of the period name them, wherever they do: in the blocks of a relationship, in a case, in
-- decisions and entries, in the header. A place that names no task at all is not one that names an unknown one.
CREATE OR REPLACE TEMP VIEW task_of_period AS
WITH written AS (
    SELECT document_key, task_system, task_code, task_display, pointer FROM service_task_block
    UNION
    SELECT document_key, task_system, task_code, task_display, pointer FROM case_fact
    UNION
    SELECT document_key, task_system, task_code, task_display, pointer FROM service_evidence
    UNION
    SELECT document_key, task_system, task_code, task_display, pointer FROM document_task
)
SELECT written.*, current_document.oid, read_task.service_task AS known_task
FROM written
JOIN document_of_period AS current_document USING (document_key)
LEFT JOIN read_task
    ON  read_task.task_system IS NOT DISTINCT FROM written.task_system
    AND read_task.task_code IS NOT DISTINCT FROM written.task_code
    AND read_task.task_display IS NOT DISTINCT FROM written.task_display
WHERE written.task_code IS NOT NULL OR written.task_display IS NOT NULL;
