/*
code = "D16"
name = "relationship-id-differs"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Otsikko ja sisältö nimeävät eri asiakkuuden"
sv = "Huvudet och innehållet anger olika klientrelationer"
en = "Header and content name different client relationships"

[why]
fi = """
Asiakkuuden yksilöintitunnus sitoo versiot ja asiakirjat yhteen. Kaksi eri tunnusta yhdellä asiakirjalla kertoo
virheestä sen muodostamisessa."""
sv = """
Klientrelationens identifierare knyter ihop versioner och handlingar. Två olika på samma handling tyder på ett fel när
den bildades."""
en = """
The relationship's id ties versions and documents together. Two different ones on a document mean that it was made
wrongly."""

[guidance]
fi = "Korjaa sisällön asiakkuuden_yksilointitunnus samaksi kuin otsikossa."
sv = "Rätta asiakkuuden_yksilointitunnus i innehållet så att den är densamma som i huvudet."
en = "Make asiakkuuden_yksilointitunnus of the content the same as the header's."

[numerator]
fi = "niistä ne, joiden kaksi tunnusta eroavat"
sv = "av dem de vars två identifierare skiljer sig"
en = "those of them whose two ids differ"

[of]
fi = "jakson voimassa olevat asiakkuusasiakirjat, joiden otsikossa on asiakkuuden tunnus"
sv = "periodens gällande klientrelationshandlingar vars huvud anger en klientrelation"
en = "current client-relationship documents of the period whose header names a relationship"
sql = '''
SELECT count(*)
FROM document_of_period AS current_document
WHERE kind = 'client-relationship' AND relationship_id IS NOT NULL'''

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
[[defect.edit]]
at = "/asiakkuusasiakirja/asiakkuuden_yksilointitunnus/value"
value = "1.2.246.10.99999901.95.2024.77.7"
*/
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    '/' || json_root || '/asiakkuuden_yksilointitunnus' AS place
FROM document_of_period AS current_document
WHERE list_contains(problems, 'relationship-id-differs')
