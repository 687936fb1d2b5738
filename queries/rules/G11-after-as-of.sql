/*
code = "G11"
name = "after-as-of"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "@as-of"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "tallennettu vasta tarkastelupäivän jälkeen"
sv = "lagrad först efter granskningsdagen"
en = "stored only after the as-of date"

[guidance]
fi = "ei mitään, jos myöhempi päivä riittää"
sv = "inget, om ett senare datum gäller"
en = "nothing, if a later date counts"

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
WHERE ledger_reason.reason = 'after-as-of'
