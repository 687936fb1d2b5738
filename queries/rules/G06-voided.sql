/*
code = "G06"
name = "voided"
severity = "error"
applies = "2022-10-01.."
scope = "person"
consequences = ["A05", "A10", "G07", "S01", "S05"]

[title]
fi = "Jakson asiakkuusasiakirja on mitätöity"
sv = "Periodens klientrelationshandling är makulerad"
en = "The client-relationship document of the episode is voided"

[why]
fi = """
Mitätöity asiakirja ei muodosta jaksoa. Jos mitätöinti oli tarkoitus korvata uudella asiakirjalla, se puuttuu."""
sv = """
En makulerad handling bildar ingen period. Om makuleringen skulle följas av en ny handling så saknas den."""
en = "A voided document makes no episode. If a new document was to take its place, it is missing."

[guidance]
fi = """
Selvitä, oliko mitätöinti tarkoitettu. Jos asiakkuus on todellinen, arkistoi uusi asiakkuusasiakirja; jos ei, poista
rivi omasta asiakkuusluettelosta."""
sv = """
Ta reda på om makuleringen var avsedd. Om klientrelationen är verklig, arkivera en ny klientrelationshandling; om
inte, ta bort raden ur det egna registret."""
en = """
Find out whether the voiding was meant. If the client relationship is real, archive a new document; if not, remove the
row from the register."""

[numerator]
fi = "niistä rivit, joilla on syy voided"
sv = "av dem raderna med orsaken voided"
en = "those of them that carry the reason voided"

[of]
fi = "ratkaistavat rivit, joiden henkilöllä on jokin asiakkuusasiakirja"
sv = "avgjorda rader vars person har någon klientrelationshandling"
en = "rows decided by the archive whose person has a client-relationship document of any standing"
sql = '''
SELECT count(*)
FROM explained
JOIN person_archive USING (person_key)
WHERE person_archive.has_client_document'''

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "void-by-empty-version"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'voided'
)
SELECT
    ledger.source_id    AS subject,
    ledger.person_key,
    ledger.service_task,
    ledger.municipality,
    ledger.documents[1] AS document,
    NULL                AS place
FROM ledger
SEMI JOIN told USING (source_id)
