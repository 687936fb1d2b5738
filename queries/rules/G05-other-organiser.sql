/*
code = "G05"
name = "other-organiser"
severity = "error"
applies = "2022-10-01.."
scope = "person"
follows_from = ["D13"]
consequences = ["A05", "D13", "S01", "S05"]

[title]
fi = "Asiakkuusasiakirja on toisen palvelunjärjestäjän"
sv = "Klientrelationshandlingen hör till en annan tjänsteanordnare"
en = "The client-relationship document belongs to another organiser"

[why]
fi = """
Jakso kuuluu sille palvelunjärjestäjälle, jonka rekisteriin asiakirja on arkistoitu. Väärä palvelunjärjestäjätieto siirtää
jakson pois omalta alueelta."""
sv = """
Perioden hör till den tjänsteanordnare i vars register handlingen är arkiverad. En felaktig uppgift om tjänsteanordnaren
flyttar perioden bort från det egna området."""
en = """
An episode belongs to the organiser in whose register the document is archived. A wrong organiser moves the episode
away from the county."""

[guidance]
fi = """
Tarkista asiakirjan palvelunjärjestäjä. Ostopalvelussa palvelunjärjestäjä on hyvinvointialue, ei palveluntuottaja. Arkistoi korjattu
versio tai lisää palvelunjärjestäjän tunnus asetukseen organisers, jos se kuuluu alueelle."""
sv = """
Kontrollera handlingens tjänsteanordnare. Vid köptjänst är välfärdsområdet tjänsteanordnare, inte tjänsteproducenten. Arkivera en
rättad version, eller lägg till tjänsteanordnarens OID i inställningen organisers om den hör till området."""
en = """
Check the document's organiser: for purchased services it is the county, not the producer. Archive a corrected
version, or add the OID to the setting organisers if it is the county's own."""

[numerator]
fi = "niistä rivit, joilla on syy other-organiser"
sv = "av dem raderna med orsaken other-organiser"
en = "those of them that carry the reason other-organiser"

[of]
fi = "ratkaistavat rivit, joiden henkilöllä on voimassa oleva asiakkuusasiakirja"
sv = "avgjorda rader vars person har en gällande klientrelationshandling"
en = "rows decided by the archive whose person has a current client-relationship document"
sql = '''
SELECT count(*)
FROM explained
SEMI JOIN current_relationship USING (person_key)'''

[basis]
fi = """
Laki 703/2023 37–38 §: asiakirjassa on palvelutehtävä, palvelunjärjestäjä, henkilön tunniste sekä asiakkuuden alku ja
loppu"""
sv = """
Lag 703/2023 37–38 §: en handling anger serviceuppgift, tjänsteanordnare, personens identifierare och
klientrelationens början och slut"""
en = """
Act 703/2023, sections 37–38: a document states service task, organiser, the person's identifier, and start and end of
the client relationship"""

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, asetuksessa organisers, tai järjestelmätoimittaja"
sv = "välfärdsområdets dataförvaltning, i inställningen organisers, eller systemleverantören"
en = "the county's data managers, in the setting organisers, or the system vendor"

[defect]
story = "other-organiser"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'other-organiser'
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
