/*
code = "D07"
name = "stored-late"
severity = "warning"
basis = "703/2023 21 §: stored without delay; no number of days, 90 is this project's own"
fixed_by = "service unit, in the client information system"
defect = "stored-late"
of_sql = "SELECT count(*) FROM document WHERE kind = 'client-relationship' AND version = 1"

[title]
fi = "tallennettu yli 90 päivää alusta"
sv = "lagrad över 90 dagar efter början"
en = "stored more than 90 days after the first period began"

[guidance]
fi = "arkistoi viipymättä, kun asiakirja on valmis"
sv = "arkivera utan dröjsmål när handlingen är klar"
en = "archive without delay once the document is complete"

[of]
fi = "asiakkuusasiakirjojen ensimmäiset versiot"
sv = "första versioner av klientrelationshandlingar"
en = "first versions of client-relationship documents"
*/
WITH begun AS (
    SELECT document_key, min(possible_start) AS first_day
    FROM covering_period
    GROUP BY document_key
)
SELECT document.oid AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, document.oid AS document,
       NULL AS place
FROM document
JOIN document_standing USING (document_key)
JOIN begun USING (document_key)
WHERE document.version = 1
  AND NOT coalesce(document.old_relationship, false)
  AND document_standing.stored_on > begun.first_day + 90
