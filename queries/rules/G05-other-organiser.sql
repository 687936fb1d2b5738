/*
code = "G05"
name = "other-organiser"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "other-organiser"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "arkistoitu toisen palvelunjärjestäjän nimiin"
sv = "arkiverad under en annan serviceanordnare"
en = "archived under another organiser"

[guidance]
fi = "tarkista palvelunjärjestäjä rekisteristä ja asiakirjasta"
sv = "kontrollera serviceanordnaren i registret och i handlingen"
en = "check the organiser in the register and in the document"

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
WHERE ledger_reason.reason = 'other-organiser'
