/*
code = "A03"
name = "protection-without-dates"
severity = "warning"
basis = "417/2007 27 §"
fixed_by = "service unit, in the client information system"
defect = "no-protection-dates"
of_sql = "SELECT count(*) FROM archived_episode WHERE layer = 'service-task' AND service_task = '10'"

[title]
fi = "lastensuojelun tehtävä ilman lastensuojelun asiakkuutta"
sv = "barnskyddsuppgift utan barnskyddsklientrelation"
en = "child-protection task without child-protection dates"

[guidance]
fi = "tarkista, onko lastensuojelun asiakkuus alkanut"
sv = "kontrollera om klientrelationen i barnskyddet har börjat"
en = "check whether the child-protection client relationship has begun"

[of]
fi = "lastensuojelun jaksot Kannassa"
sv = "barnskyddsperioder i Kanta"
en = "archived child-protection episodes"
*/
SELECT task.person_key || ' ' || coalesce(task.start_text, '') AS subject, task.person_key, task.service_task,
       NULL AS municipality, task.documents[1] AS document, NULL AS place
FROM archived_episode AS task
ANTI JOIN archived_episode AS protection
    ON protection.person_key = task.person_key AND protection.layer = 'child-protection'
WHERE task.layer = 'service-task' AND task.service_task = '10' AND task.leads
