/*
code = "G08"
name = "no-service-task"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "no-task"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "asiakkuusasiakirjalta puuttuu palvelutehtävä"
sv = "klientrelationshandlingen saknar serviceuppgiften"
en = "the client-relationship document lacks the service task"

[guidance]
fi = "täydennä asiakirja asiakastietojärjestelmässä ja arkistoi uusi versio"
sv = "komplettera handlingen i klientsystemet och arkivera den nya versionen"
en = "complete the document in the client system and archive the new version"

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
WHERE ledger_reason.reason = 'no-service-task'
