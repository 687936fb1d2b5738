/*
code = "G21"
name = "unknown-service-task"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "county's data managers, in the register"
defect = "unknown-task"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "palvelutehtävää ei tunnisteta"
sv = "serviceuppgiften kan inte identifieras"
en = "the service task cannot be resolved"

[guidance]
fi = "lisää sen koodi tai nimi codes-tiedostoon"
sv = "lägg till dess kod eller namn i codes-filen"
en = "add its code or name to the codes file"

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
WHERE ledger_reason.reason = 'unknown-service-task'
