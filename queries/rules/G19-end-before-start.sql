/*
code = "G19"
name = "end-before-start"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "county's data managers, in the register"
defect = "end-before-start"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "rivi päättyy ennen alkuaan"
sv = "raden slutar innan den börjar"
en = "the row ends before it starts"

[guidance]
fi = "korjaa rekisteri"
sv = "rätta registret"
en = "correct the register"

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
WHERE ledger_reason.reason = 'end-before-start'
