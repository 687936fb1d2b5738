/*
code = "G03"
name = "quarantined-document"
severity = "error"
applies = "2022-10-01.."
scope = "person"
follows_from = ["D01"]
consequences = ["A05", "D01", "G02", "S01", "S05"]

[title]
fi = "Henkilön asiakkuusasiakirja on karanteenissa"
sv = "Personens klientrelationshandling är i karantän"
en = "A client-relationship document of the person is in quarantine"

[why]
fi = """
Asiakirja on arkistossa, mutta sitä ei voitu lukea. Jakso saattaa olla siinä, joten puute voi johtua vain viallisesta
tiedostosta."""
sv = """
Handlingen finns i arkivet men kunde inte läsas. Perioden kan finnas i den, så bristen kan bero enbart på en felaktig
fil."""
en = """
The document is in the archive but could not be read. It may hold the episode, so the gap may come from nothing but a
faulty file."""

[guidance]
fi = """
Katso vika komennolla kanta-gap quarantine, korjauta tiedosto järjestelmätoimittajalla ja lue se uudelleen."""
sv = "Se felet med kanta-gap quarantine, låt systemleverantören rätta filen och läs in den på nytt."
en = "See the fault with kanta-gap quarantine, have the vendor mend the file, and ingest it again."

[numerator]
fi = "niistä rivit, joilla on syy quarantined-document"
sv = "av dem raderna med orsaken quarantined-document"
en = "those of them that carry the reason quarantined-document"

[of]
fi = "jakson luettelorivit, jotka arkisto ratkaisee: arkistoitu, osittain arkistoitu tai puuttuva"
sv = "periodens registerrader som arkivet avgör: arkiverade, delvis arkiverade eller saknade"
en = "register rows of the period that the archive decides: archived, partial or missing"
sql = '''
SELECT count(*) FROM ledger WHERE class IN ('archived', 'partial', 'missing')'''

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
story = "broken-json"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'quarantined-document'
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
