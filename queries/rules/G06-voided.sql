/*
code = "G06"
name = "voided"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "void-by-empty-version"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "asiakirja on mitätöity"
sv = "handlingen är makulerad"
en = "the document was voided"

[guidance]
fi = "tarkista, oliko mitätöinti tarkoitettu; arkistoi oikea asiakirja"
sv = "kontrollera att makuleringen var avsedd; arkivera rätt handling"
en = "check that the voiding was meant; archive the right document"

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
WHERE ledger_reason.reason = 'voided'
