/*
code = "G15"
name = "excluded-family-law"
severity = "info"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "county's data managers, in the register"
defect = "family-law"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "perheoikeudellisia ei kerätä ensimmäisessä vaiheessa"
sv = "familjerättsliga tjänster samlas inte in i första fasen"
en = "family law is not collected in the first phase"

[guidance]
fi = "ei mitään"
sv = "inget"
en = "nothing"

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
WHERE ledger_reason.reason = 'excluded-family-law'
