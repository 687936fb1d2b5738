/*
code = "G16"
name = "excluded-organiser"
severity = "info"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "county's data managers, in the register"
defect = "@organiser"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "toisen palvelunjärjestäjän jakso"
sv = "en annan serviceanordnares period"
en = "another organiser's episode"

[guidance]
fi = "ei mitään; tarkista asetus organisers, jos tämä yllättää"
sv = "inget; kontrollera inställningen organisers om detta förvånar"
en = "nothing; check the setting organisers if this surprises"

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
WHERE ledger_reason.reason = 'excluded-organiser'
