/*
code = "G10"
name = "dates-outside"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "dates-outside"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "tehtävä on asiakirjalla, mutta sen päivät jättävät aukon"
sv = "uppgiften finns, men dess datum lämnar dagar utanför"
en = "the task is there, its dates leave days uncovered"

[guidance]
fi = "vertaa alku- ja loppupäivää rekisterissä ja asiakirjassa ja korjaa väärä"
sv = "jämför början och slut i registret och handlingen och rätta det som är fel"
en = "compare start and end in the register and the document, and correct the wrong one"

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
WHERE ledger_reason.reason = 'dates-outside'
