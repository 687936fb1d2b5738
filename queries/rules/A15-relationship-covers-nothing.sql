/*
code = "A15"
name = "relationship-covers-nothing"
severity = "warning"
applies = ".."
scope = "person"
follows_from = ["D05", "D17", "G09"]
consequences = ["G10", "S01", "S05"]

[title]
fi = "Asiakkuusasiakirjasta ei muodostu asiakkuusjaksoa"
sv = "Klientrelationshandlingen bildar ingen klientrelationsperiod"
en = "The client-relationship document makes no episode"

[why]
fi = """
Asiakirjalla ei ole palvelutehtävän yksikköä, jolla on kelvolliset päivät, eikä lastensuojelun päiviä. Se ei kata
yhtään päivää. Toimii ilman rekisteriäkin."""
sv = """
Handlingen har ingen enhet med dugliga datum i någon serviceuppgift och inga barnskyddsdatum. Den täcker inte en enda
dag. Fungerar även utan register."""
en = """
The document has no unit with usable dates in any service task, and no child-protection dates. It covers no day. It
works without any register."""

[guidance]
fi = "Lisää palvelutehtävän lohkoon palveluyksikkö ja asiakkuuden alkupäivä, ja arkistoi uusi versio."
sv = """
Lägg till serviceenheten och klientrelationens startdatum i serviceuppgiftens block och arkivera en ny version."""
en = """
Enter the service unit and the start of the relationship in the block of the service task, and archive a new version."""

[numerator]
fi = "niistä ne, joissa ei ole yhtään kelvollista jaksoa"
sv = "av dem de utan en enda duglig period"
en = "those of them without a single usable period"

[of]
fi = "voimassa olevat asiakkuusasiakirjat (ei vanhat asiakkuudet)"
sv = "gällande klientrelationshandlingar (inte gamla klientrelationer)"
en = "current client-relationship documents (old relationships left out)"
counts = "relationship"

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
[[defect.edit]]
at = "/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/0/palvelunjarjestajan_palveluyksikko"
*/
WITH relationship AS (
    SELECT *
    FROM document_of_period AS current_document
    WHERE kind = 'client-relationship' AND NOT coalesce(old_relationship, false)
)
SELECT
    relationship.oid                                     AS subject,
    NULL                                                 AS person_key,
    NULL                                                 AS service_task,
    NULL                                                 AS municipality,
    relationship.oid                                     AS document,
    '/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava' AS place
FROM relationship
ANTI JOIN (FROM covering_period WHERE role IN ('unit', 'child-protection')) AS covering USING (document_key)
