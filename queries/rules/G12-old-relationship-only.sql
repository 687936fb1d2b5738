/*
code = "G12"
name = "old-relationship-only"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "old-relationship"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "vain vanhan asiakkuuden asiakirja kattaa"
sv = "täcks endast av en handling om en gammal klientrelation"
en = "covered only by a document of an old relationship"

[guidance]
fi = "arkistoi voimassa olevan asiakkuuden asiakirja"
sv = "arkivera handlingen om den aktiva klientrelationen"
en = "archive the document of the active relationship"

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
WHERE ledger_reason.reason = 'old-relationship-only'
