/*
code = "D04"
name = "person-without-identifier"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "@no-identifier"
of_sql = "SELECT count(*) FROM document_standing WHERE standing <> 'after-as-of'"

[title]
fi = "asiakkaalla ei ole tunnusta"
sv = "klienten saknar identifierare"
en = "a client has no identifier"

[guidance]
fi = "lisää henkilötunnus tai tilapäinen tunnus"
sv = "lägg till personbeteckning eller temporär identifierare"
en = "add the henkilötunnus or a temporary identifier"

[of]
fi = "käytettävissä olevat asiakirjat"
sv = "användbara handlingar"
en = "usable documents"
*/
SELECT document.oid AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, document.oid AS document,
       NULL AS place
FROM document
JOIN document_standing USING (document_key)
WHERE document_standing.standing = 'current' AND list_contains(document.problems, 'person-without-identifier')
