/*
code = "S02"
name = "service-started-without-episode"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "only-case"
of_sql = "SELECT count(*) FROM service_evidence WHERE kind = 'service-start'"

[title]
fi = "palvelu on alkanut ilman arkistoitua jaksoa"
sv = "en tjänst har börjat utan arkiverad period"
en = "a service has started, but no archived episode covers it"

[guidance]
fi = "arkistoi asiakkuusasiakirja"
sv = "arkivera klientrelationshandlingen"
en = "archive the client-relationship document"

[of]
fi = "palvelun alkamismerkinnät"
sv = "anteckningar om att en tjänst börjat"
en = "entries that a service has started"
*/
SELECT DISTINCT document.oid AS subject, person_document.person_key, NULL AS service_task, NULL AS municipality,
       document.oid AS document, evidence.pointer AS place
FROM service_evidence AS evidence
JOIN document USING (document_key)
JOIN person_document USING (document_key)
ANTI JOIN archived_episode AS archived
    ON  archived.person_key = person_document.person_key
    AND archived.possible_start <= evidence.start_hi
    AND archived.possible_end >= evidence.start_lo
WHERE evidence.kind = 'service-start' AND person_document.standing = 'current'
