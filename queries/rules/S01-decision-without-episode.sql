/*
code = "S01"
name = "decision-without-episode"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "only-case"
of_sql = "SELECT count(*) FROM service_evidence CROSS JOIN run WHERE kind = 'decision' AND outcome = '1' AND coalesce(start_lo, decided_lo) <= run.period_end AND coalesce(end_hi, run.open_end) >= run.period_start"

[title]
fi = "myönteinen päätös voimassa ilman arkistoitua jaksoa"
sv = "positivt beslut i kraft utan arkiverad period"
en = "a positive decision in force that no archived episode covers"

[guidance]
fi = "arkistoi asiakkuusasiakirja"
sv = "arkivera klientrelationshandlingen"
en = "archive the client-relationship document"

[of]
fi = "jaksolla voimassa olevat myönteiset päätökset"
sv = "positiva beslut i kraft under perioden"
en = "positive decisions in force in the period"
*/
SELECT DISTINCT document.oid AS subject, person_document.person_key, NULL AS service_task, NULL AS municipality,
       document.oid AS document, evidence.pointer AS place
FROM service_evidence AS evidence
CROSS JOIN run
JOIN document USING (document_key)
JOIN person_document USING (document_key)
ANTI JOIN archived_episode AS archived
    ON  archived.person_key = person_document.person_key
    AND archived.possible_start <= coalesce(evidence.end_hi, DATE '9999-12-31')
    AND archived.possible_end >= coalesce(evidence.start_lo, evidence.decided_lo)
WHERE evidence.kind = 'decision'
  AND evidence.outcome = '1'
  AND person_document.standing = 'current'
  AND coalesce(evidence.start_lo, evidence.decided_lo) <= run.period_end
  AND coalesce(evidence.end_hi, run.open_end) >= run.period_start
