/*
code = "R01"
name = "archived-only"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "county's data managers, in the register"
defect = "not-in-register"
of_sql = "SELECT count(*) FROM archived_episode CROSS JOIN run WHERE leads AND in_scope AND possible_start <= period_end AND possible_end >= period_start"

[title]
fi = "arkistoitu jakso puuttuu rekisteristä"
sv = "en arkiverad period saknas i registret"
en = "an archived episode is not in the register"

[guidance]
fi = "lisää rivi rekisteriin tai korjaa asiakirja"
sv = "lägg till raden i registret eller rätta handlingen"
en = "add the row to the register, or correct the document"

[of]
fi = "jakson arkistoidut asiakkuusjaksot"
sv = "periodens arkiverade klientperioder"
en = "archived episodes of the period"
*/
SELECT person_key || ' ' || layer || ' ' || service_task || ' ' || coalesce(start, '') AS subject, person_key, service_task,
       municipality, documents[1] AS document, NULL AS place
FROM archived_only
