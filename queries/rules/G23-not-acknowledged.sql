/*
code = "G23"
name = "not-acknowledged"
severity = "warning"
applies = "2022-10-01.."
scope = "person"

[title]
fi = "Jakson asiakkuusasiakirjalla ei ole arkiston kuittausta"
sv = "Periodens klientrelationshandling saknar arkivets kvittering"
en = "The client-relationship document of the episode has no answer of the archive"

[why]
fi = """
Saman lähettäjän muihin saman kuukauden lähetyksiin on kuittaus, tähän ei, tai on vain siirtotason kuittaus (CA),
joka ei todista arkistointia. Asiakirja voi puuttua Kannasta. Asetus acknowledgements ratkaisee, lasketaanko se."""
sv = """
Avsändarens andra sändningar den månaden har kvitterats, den här inte, eller bara på överföringsnivå (CA), vilket
inte bevisar att den arkiverades. Handlingen kan saknas i Kanta. Inställningen acknowledgements avgör om den räknas."""
en = """
Other sendings of the same sender in that month were answered, this one was not, or only at the level of transport
(CA), which proves no archiving. The document may be missing from Kanta. The setting acknowledgements decides whether
it counts."""

[guidance]
fi = """
Selvitä lähettävästä järjestelmästä, ottiko arkisto asiakirjan vastaan. Lue kuittaus sisään, tai lähetä asiakirja
uudelleen."""
sv = """
Ta reda på ur det sändande systemet om arkivet tog emot handlingen. Läs in kvitteringen, eller sänd handlingen på
nytt."""
en = """
Find out from the sending system whether the archive took the document. Ingest the answer, or send the document
again."""

[numerator]
fi = "niistä rivit, joilla on syy not-acknowledged"
sv = "av dem raderna med orsaken not-acknowledged"
en = "those of them that carry the reason not-acknowledged"

[of]
fi = "jakson luettelorivit, jotka arkisto ratkaisee: arkistoitu, osittain arkistoitu tai puuttuva"
sv = "periodens registerrader som arkivet avgör: arkiverade, delvis arkiverade eller saknade"
en = "register rows of the period that the archive decides: archived, partial or missing"
sql = "SELECT count(*) FROM explained"

[basis]
fi = "HL7 V3: sovellustason kuittaus (MCCI); Kannan sanomaliikenteen yleinen ohje"
sv = "HL7 V3: kvittering på applikationsnivå (MCCI); Kantas allmänna anvisning om meddelandetrafik"
en = "HL7 V3: application acknowledgement (MCCI); Kanta's general guide to messaging"

[fixed_by]
fi = "järjestelmätoimittaja, lähettävässä järjestelmässä"
sv = "systemleverantören, i det sändande systemet"
en = "the system vendor, in the sending system"

[defect]
story = "not-acknowledged"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'not-acknowledged'
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
