/*
code = "G02"
name = "no-client-document"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "only-case"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "asiakirjoja on, mutta ei asiakkuusasiakirjaa"
sv = "handlingar finns, men ingen klientrelationshandling"
en = "documents, but no client-relationship document"

[guidance]
fi = "arkistoi asiakkuusasiakirja"
sv = "arkivera klientrelationshandlingen"
en = "archive the client-relationship document"

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
WHERE ledger_reason.reason = 'no-client-document'
