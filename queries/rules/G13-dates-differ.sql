/*
code = "G13"
name = "dates-differ"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "dates-differ"
of_sql = "SELECT count(*) FROM ledger"

[title]
fi = "alku tai loppu eroaa rekisterin ja arkiston välillä"
sv = "början eller slut skiljer sig mellan register och arkiv"
en = "start or end differs between register and archive"

[guidance]
fi = "selvitä kumpi on oikein, ja korjaa toinen"
sv = "ta reda på vilket som är rätt och rätta det andra"
en = "find out which is right, and correct the other"

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
WHERE ledger_reason.reason = 'dates-differ'
