/*
code = "D05"
name = "period-reversed"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "@reversed"
of_sql = "SELECT count(*) FROM document_standing WHERE standing <> 'after-as-of'"

[title]
fi = "jakso päättyy ennen alkuaan"
sv = "en period slutar innan den börjar"
en = "a dated period ends before it starts"

[guidance]
fi = "korjaa päivät ja arkistoi uusi versio"
sv = "rätta datumen och arkivera en ny version"
en = "correct the dates and archive a new version"

[of]
fi = "käytettävissä olevat asiakirjat"
sv = "användbara handlingar"
en = "usable documents"
*/
SELECT document.oid AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, document.oid AS document,
       NULL AS place
FROM document
JOIN document_standing USING (document_key)
WHERE document_standing.standing = 'current' AND list_contains(document.problems, 'period-reversed')
