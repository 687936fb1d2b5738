/*
code = "G04"
name = "temporary-id-only"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "temporary-id"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "arkistoitu vain henkilön toisella tunnuksella"
sv = "arkiverad endast under en annan identifierare"
en = "archived only under another identifier of the person"

[guidance]
fi = "arkistoi uusi versio henkilötunnuksella"
sv = "arkivera en ny version med personbeteckningen"
en = "archive a new version under the henkilötunnus"

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
WHERE ledger_reason.reason = 'temporary-id-only'
