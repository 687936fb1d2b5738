/*
code = "A05"
name = "case-without-relationship"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "only-case"
of_sql = "SELECT count(*) FROM person_document WHERE kind = 'case' AND standing = 'current'"

[title]
fi = "asialla ei ole asiakkuusasiakirjaa"
sv = "ett ärende saknar klientrelationshandling"
en = "a case without a client-relationship document"

[guidance]
fi = "arkistoi asiakkuusasiakirja"
sv = "arkivera klientrelationshandlingen"
en = "archive the client-relationship document"

[of]
fi = "voimassa olevat asia-asiakirjat"
sv = "gällande ärendehandlingar"
en = "current case documents"
*/
SELECT DISTINCT matter.oid AS subject, matter.person_key, NULL AS service_task, NULL AS municipality,
       matter.oid AS document, NULL AS place
FROM person_document AS matter
ANTI JOIN current_relationship USING (person_key)
WHERE matter.kind = 'case' AND matter.standing = 'current'
