/*
code = "D32"
name = "case-id-differs"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Otsikko ja sisältö nimeävät eri asian"
sv = "Huvudet och innehållet anger olika ärenden"
en = "Header and content name different cases"

[why]
fi = """
Asiatunnus sitoo asian asiakirjat yhteen. Kaksi eri tunnusta yhdellä asia-asiakirjalla kertoo virheestä sen
muodostamisessa."""
sv = """
Ärendets identifierare knyter ihop ärendets handlingar. Två olika på samma ärendehandling tyder på ett fel när den
bildades."""
en = """
The case id ties the documents of a case together. Two different ones on a case document mean that it was made
wrongly."""

[guidance]
fi = "Korjaa sisällön asiatunnus samaksi kuin otsikossa."
sv = "Rätta asiatunnus i innehållet så att den är densamma som i huvudet."
en = "Make asiatunnus of the content the same as the header's."

[numerator]
fi = "niistä ne, joiden kaksi tunnusta eroavat"
sv = "av dem de vars två identifierare skiljer sig"
en = "those of them whose two ids differ"

[of]
fi = "jakson voimassa olevat asia-asiakirjat, joiden otsikossa on asiatunnus"
sv = "periodens gällande ärendehandlingar vars huvud anger ett ärende"
en = "current case documents of the period whose header names a case"
sql = "SELECT count(*) FROM document_of_period WHERE kind = 'case' AND case_id IS NOT NULL"

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
[[defect.edit]]
at = "/asia_asiakirja/asian_tiedot/asiatunnus/value"
value = "1.2.246.10.99999901.96.2024.77"
*/
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    '/asia_asiakirja/asian_tiedot/asiatunnus' AS place
FROM document_of_period
WHERE kind = 'case' AND case_id IS NOT NULL AND list_contains(problems, 'case-id-differs')
