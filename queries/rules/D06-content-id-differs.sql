/*
code = "D06"
name = "content-id-differs"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "@content-id"
of_sql = "SELECT count(*) FROM document_standing WHERE standing <> 'after-as-of'"

[title]
fi = "otsikon ja sisällön henkilötunnus eroavat"
sv = "personbeteckningen i huvudet och innehållet skiljer sig"
en = "henkilötunnus of header and content differ"

[guidance]
fi = "selvitä, kenen asiakirja on"
sv = "ta reda på vems handlingen är"
en = "find out whose document it is"

[of]
fi = "käytettävissä olevat asiakirjat"
sv = "användbara handlingar"
en = "usable documents"
*/
SELECT document.oid AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, document.oid AS document,
       NULL AS place
FROM document
JOIN document_standing USING (document_key)
WHERE document_standing.standing = 'current' AND list_contains(document.problems, 'content-id-differs')
