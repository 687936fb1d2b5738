/*
code = "G10"
name = "dates-outside"
severity = "error"
applies = "2022-10-01.."
scope = "person"
follows_from = ["A12", "A15", "D05", "D17", "G07"]
consequences = ["G13"]

[title]
fi = "Palvelutehtävä on asiakirjalla, mutta päivät jäävät kattamatta"
sv = "Serviceuppgiften finns i handlingen men dagar förblir otäckta"
en = "The service task is there, but its dates leave days uncovered"

[why]
fi = """
Asiakirjan jakso alkaa myöhemmin tai päättyy aiemmin kuin omassa asiakkuusluettelossa, joten seurantarekisteri saa liian lyhyen
jakson."""
sv = """
Perioden i handlingen börjar senare eller slutar tidigare än i det egna registret, så uppföljningsregistret får en för kort
period."""
en = """
The document's period begins later or ends earlier than the register's, so the follow-up register receives too short
an episode."""

[guidance]
fi = """
Vertaa päiviä (kanta-gap trace), korjaa se, joka on väärä, ja arkistoi uusi versio tai päivitä oma asiakkuusluettelo."""
sv = """
Jämför datumen (kanta-gap trace), rätta det som är fel och arkivera en ny version eller uppdatera det egna registret."""
en = """
Compare the dates (kanta-gap trace), correct the one that is wrong, and archive a new version or update the register."""

[numerator]
fi = "niistä rivit, joilla on syy dates-outside"
sv = "av dem raderna med orsaken dates-outside"
en = "those of them that carry the reason dates-outside"

[of]
fi = "ratkaistavat rivit, joiden palvelutehtävän voimassa oleva asiakkuusasiakirja nimeää"
sv = "avgjorda rader vars serviceuppgift nämns i en gällande klientrelationshandling"
en = """
rows decided by the archive whose service task is named by a current client-relationship document of the row's
organiser"""
sql = '''
WITH named AS (
    SELECT relationship.person_key, relationship.organiser, named_task.layer, named_task.service_task AS match_task
    FROM current_relationship AS relationship
    JOIN named_task USING (document_key)
)
SELECT count(*)
FROM explained
SEMI JOIN named USING (person_key, organiser, layer, match_task)'''

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
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "dates-outside"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'dates-outside'
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
