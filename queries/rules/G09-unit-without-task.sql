/*
code = "G09"
name = "unit-without-task"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "first-phase-unit"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "ensimmäisen vaiheen yksikköjakso kattaa päivät, mutta ei nimeä tehtävää"
sv = "en enhetsperiod från första fasen täcker dagarna men anger ingen uppgift"
en = "a first-phase unit period covers the days but names no task"

[guidance]
fi = "siirrä yksikkö palvelutehtävän alle ja arkistoi uusi versio"
sv = "flytta enheten under serviceuppgiften och arkivera den nya versionen"
en = "move the unit under its service task and archive the new version"

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
WHERE ledger_reason.reason = 'unit-without-task'
