/*
code = "G07"
name = "superseded"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "superseded"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "vanhempi versio kattoi päivät, uusin ei"
sv = "en äldre version täckte dagarna, den nyaste gör det inte"
en = "an older version covered the days, the newest does not"

[guidance]
fi = "tarkista uusin versio: päättyneiden jaksojen on säilyttävä siinä"
sv = "kontrollera den nyaste versionen: avslutade perioder ska stå kvar"
en = "check the newest version: ended blocks must stay in it"

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
WHERE ledger_reason.reason = 'superseded'
