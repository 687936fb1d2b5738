/*
code = "G01"
name = "no-document"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "no-document"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "henkilöstä ei ole arkistossa käytettävää asiakirjaa"
sv = "ingen användbar handling om personen i arkivet"
en = "no usable document of the person in the archive"

[guidance]
fi = "arkistoi asiakkuusasiakirja; siihen asti toimita erikseen"
sv = "arkivera klientrelationshandlingen; leverera separat tills dess"
en = "archive the client-relationship document; deliver separately until then"

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
WHERE ledger_reason.reason = 'no-document'
