/*
code = "G14"
name = "no-case-document"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "no-case"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "tehtävän asia-asiakirja ei osu jaksolle"
sv = "ingen ärendehandling för uppgiften överlappar raden"
en = "no case document of the task overlaps the row"

[guidance]
fi = "avaa asia ja arkistoi se"
sv = "öppna ärendet och arkivera det"
en = "open and archive the case"

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
WHERE ledger_reason.reason = 'no-case-document'
