/*
code = "G20"
name = "version-conflict"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "version-conflict"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "kaksi sisällöltään eri asiakirjaa samalla versionumerolla"
sv = "två handlingar med samma versionsnummer och olika innehåll"
en = "two documents with one version number and different content"

[guidance]
fi = "kysy toimittajalta, kumpi on Kannassa"
sv = "fråga leverantören vilken som finns i Kanta"
en = "ask the vendor which one stands in Kanta"

[of]
fi = "jakson rekisteririvit"
sv = "periodens registerrader"
en = "register rows of the period"
*/
SELECT
    ledger.source_id    AS subject,
    ledger.person_key,
    ledger.service_task,
    ledger.municipality,
    CASE WHEN len(ledger.documents) > 0 THEN ledger.documents[1] END AS document,
    NULL                AS place
FROM ledger
JOIN ledger_reason USING (source_id)
WHERE ledger_reason.reason = 'version-conflict'
