/*
code = "A16"
name = "unit-after-relationship"
severity = "warning"
applies = ".."
scope = "person"
consequences = ["D05"]

[title]
fi = "Yksikön jakso jatkuu asiakkuuden päättymisen jälkeen"
sv = "En enhets period fortsätter efter att klientrelationen slutat"
en = "A unit's period goes on after the relationship has ended"

[why]
fi = """
Asiakirjan kaksi päivää ovat ristiriidassa: joko asiakkuus ei päättynyt, tai yksikön jakso on päättämättä. Kattavuus
lasketaan yksikön jaksosta."""
sv = """
Två datum i handlingen motsäger varandra: antingen slutade klientrelationen inte, eller så är enhetens period inte
avslutad. Täckningen räknas ur enhetens period."""
en = """
Two dates of the document contradict each other: the relationship did not end, or the unit's period was not ended.
Coverage is counted from the unit's period."""

[guidance]
fi = "Korjaa väärä päivä ja arkistoi asiakirjasta uusi versio."
sv = "Rätta det felaktiga datumet och arkivera en ny version av handlingen."
en = "Correct the wrong date, and archive a new version of the document."

[numerator]
fi = "niistä ne, joiden yksikön jakso alkaa tai päättyy varmasti asiakkuuden päättymisen jälkeen"
sv = "av dem de vars enhets period säkert börjar eller slutar efter klientrelationens slut"
en = "those of them with a unit's period that certainly begins or ends after the end of the relationship"

[of]
fi = "jakson asiakkuusasiakirjat, joilla asiakkuus on päättynyt"
sv = "periodens klientrelationshandlingar där klientrelationen har slutat"
en = "client-relationship documents of the period whose relationship has ended"
counts = "ended"

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
seed = """
UPDATE document SET relationship_end_text = '2024-01-01', relationship_end_lo = DATE '2024-01-01', relationship_end_hi = DATE '2024-01-01'
WHERE document_key = (
    SELECT min(document_key) FROM document SEMI JOIN (FROM client_period WHERE start_lo > DATE '2024-01-01' AND end_lo IS NULL) AS open USING (document_key)
)"""
*/
WITH ended AS (
    SELECT document_key, oid, relationship_end_hi
    FROM document_of_period
    WHERE kind = 'client-relationship' AND relationship_end_hi IS NOT NULL AND in_scope
)
SELECT
    ended.oid         AS subject,
    NULL              AS person_key,
    NULL              AS service_task,
    NULL              AS municipality,
    ended.oid         AS document,
    min(period.pointer) AS place
FROM ended
JOIN client_period AS period USING (document_key)
WHERE period.role IN ('unit', 'child-protection')
  AND (period.start_lo > ended.relationship_end_hi OR period.end_lo > ended.relationship_end_hi)
GROUP BY ended.oid
