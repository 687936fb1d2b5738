/*
code = "D03"
name = "birth-date-differs"
severity = "info"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "@birth-date"
of_sql = "SELECT count(*) FROM document_standing WHERE standing <> 'after-as-of'"

[title]
fi = "otsikon ja sisällön syntymäaika eroavat"
sv = "födelsetiden i huvudet och innehållet skiljer sig"
en = "birth dates of header and content differ"

[guidance]
fi = "tarkista, kumpaa tunnusta päivä seuraa"
sv = "kontrollera vilken identifierare datumet följer"
en = "check which identifier the date follows"

[of]
fi = "käytettävissä olevat asiakirjat"
sv = "användbara handlingar"
en = "usable documents"
*/
SELECT document.oid AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, document.oid AS document,
       NULL AS place
FROM document
JOIN document_standing USING (document_key)
WHERE document_standing.standing = 'current' AND list_contains(document.problems, 'birth-date-differs')
