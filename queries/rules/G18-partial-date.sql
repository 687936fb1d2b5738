/*
code = "G18"
name = "partial-date"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "partial-dates"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "vajaa päivämäärä jättää luokan auki"
sv = "ett ofullständigt datum lämnar klassen öppen"
en = "a partial date leaves the class open"

[guidance]
fi = "selvitä koko päivämäärä"
sv = "ta reda på hela datumet"
en = "find out the whole date"

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
WHERE ledger_reason.reason = 'partial-date'
