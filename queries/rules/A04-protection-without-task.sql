/*
code = "A04"
name = "protection-without-task"
severity = "warning"
basis = "417/2007 27 §"
fixed_by = "service unit, in the client information system"
defect = "@protection-only"
of_sql = "SELECT count(*) FROM archived_episode WHERE layer = 'child-protection'"

[title]
fi = "lastensuojelun asiakkuus ilman tehtävää"
sv = "barnskyddsklientrelation utan uppgift"
en = "child-protection dates without the task"

[guidance]
fi = "lisää palvelutehtävä asiakirjalle"
sv = "lägg till serviceuppgiften i handlingen"
en = "add the service task to the document"

[of]
fi = "lastensuojelun asiakkuudet Kannassa"
sv = "barnskyddsklientrelationer i Kanta"
en = "archived child-protection client relationships"
*/
SELECT protection.person_key || ' ' || coalesce(protection.start_text, '') AS subject, protection.person_key,
       protection.service_task, NULL AS municipality, protection.documents[1] AS document, NULL AS place
FROM archived_episode AS protection
ANTI JOIN archived_episode AS task
    ON task.person_key = protection.person_key AND task.layer = 'service-task' AND task.service_task = '10'
WHERE protection.layer = 'child-protection' AND protection.leads
