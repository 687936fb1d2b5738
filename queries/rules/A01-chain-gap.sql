/*
code = "A01"
name = "chain-gap"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "system vendor"
defect = "chain-gap"
of_sql = "SELECT count(DISTINCT set_id) FROM document"

[title]
fi = "versioketjusta puuttuu versio"
sv = "en version saknas i kedjan"
en = "a version is missing from a set"

[guidance]
fi = "hae puuttuva versio"
sv = "hämta den saknade versionen"
en = "fetch the missing version"

[of]
fi = "asiakirjasarjat"
sv = "handlingsserier"
en = "sets of versions"
*/
WITH chain AS (
    SELECT set_id, min(version) AS first_version, max(version) AS last_version, count(DISTINCT version) AS versions
    FROM document
    GROUP BY set_id
)
SELECT set_id AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, NULL AS document, NULL AS place
FROM chain
WHERE last_version > versions
