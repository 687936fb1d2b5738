/*
code = "A02"
name = "conflicting-versions"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "system vendor"
defect = "version-conflict"
of_sql = "SELECT count(DISTINCT set_id) FROM document"

[title]
fi = "samalla versiolla kaksi sisältöä"
sv = "två innehåll med samma version"
en = "two contents with one version number"

[guidance]
fi = "kysy toimittajalta, kumpi on Kannassa"
sv = "fråga leverantören vilken som finns i Kanta"
en = "ask the vendor which one stands in Kanta"

[of]
fi = "asiakirjasarjat"
sv = "handlingsserier"
en = "sets of versions"
*/
SELECT set_id || ' version ' || version AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality,
       min(oid) AS document, NULL AS place
FROM document
GROUP BY set_id, version
HAVING count(*) > 1
