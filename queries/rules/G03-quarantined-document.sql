/*
code = "G03"
name = "quarantined-document"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "broken-json"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "henkilön asiakkuusasiakirja on karanteenissa"
sv = "en klientrelationshandling för personen är i karantän"
en = "a client-relationship document of the person is in quarantine"

[guidance]
fi = "korjaa asiakirja (kanta-gap quarantine) ja lue se uudelleen"
sv = "rätta handlingen (kanta-gap quarantine) och läs in den på nytt"
en = "mend the document (kanta-gap quarantine), then ingest it again"

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
WHERE ledger_reason.reason = 'quarantined-document'
