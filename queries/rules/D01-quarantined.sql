/*
code = "D01"
name = "quarantined"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "system vendor"
defect = "not-xml"
of_sql = "SELECT count(*) FROM member WHERE outcome <> 'container'"

[title]
fi = "tiedostoa ei voitu käyttää"
sv = "en fil kunde inte användas"
en = "a file could not be used"

[guidance]
fi = "katso kanta-gap quarantine ja korjaa"
sv = "se kanta-gap quarantine och rätta"
en = "see kanta-gap quarantine, and mend it"

[of]
fi = "luetut tiedostot"
sv = "lästa filer"
en = "members read"
*/
SELECT coalesce(oid, content_hash, member_key) AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality,
       oid AS document, place
FROM quarantine
