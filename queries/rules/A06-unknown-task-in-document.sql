/*
code = "A06"
name = "unknown-task-in-document"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "system vendor"
defect = "@document-task"
of_sql = "SELECT count(*) FROM service_task_block"

[title]
fi = "asiakirjan palvelutehtävää ei tunnisteta"
sv = "handlingens serviceuppgift kan inte identifieras"
en = "the service task of a document cannot be resolved"

[guidance]
fi = "lisää koodi codes-tiedostoon tai korjaa asiakirja"
sv = "lägg till koden i codes-filen eller rätta handlingen"
en = "add the code to the codes file, or correct the document"

[of]
fi = "palvelutehtävälohkot"
sv = "serviceuppgiftsblock"
en = "service-task blocks"
*/
SELECT document.oid AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, document.oid AS document,
       block.pointer AS place
FROM service_task_block AS block
JOIN document USING (document_key)
JOIN document_service_task AS task
    ON  task.task_system IS NOT DISTINCT FROM block.task_system
    AND task.task_code IS NOT DISTINCT FROM block.task_code
    AND task.task_display IS NOT DISTINCT FROM block.task_display
WHERE NOT task.resolved
