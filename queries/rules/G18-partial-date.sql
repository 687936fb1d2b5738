/*
code = "G18"
name = "partial-date"
severity = "error"
applies = "2022-10-01.."
scope = "person"
consequences = ["S05"]

[title]
fi = "Epätäydellinen päivämäärä jättää rivin luokan auki"
sv = "Ett ofullständigt datum lämnar radens klass öppen"
en = "A partial date leaves the row's class open"

[why]
fi = """
Päivä on annettu vain kuukauden tai vuoden tarkkuudella, ja rivin luokka riippuu siitä, mikä päivä se oli."""
sv = "Datumet är angivet bara som månad eller år, och radens klass beror på vilken dag det var."
en = "A date is known only to the month or year, and the row's class depends on which day it was."

[guidance]
fi = "Selvitä tarkka päivä ja korjaa se asiakirjaan tai omaan asiakkuusluetteloon."
sv = "Ta reda på det exakta datumet och rätta det i handlingen eller det egna registret."
en = "Find out the exact day, and correct it in the document or the register."

[numerator]
fi = "niistä rivit, joilla on syy partial-date"
sv = "av dem raderna med orsaken partial-date"
en = "those of them that carry the reason partial-date"

[of]
fi = "jakson luettelorivit, joita ei ole rajattu pois ja joiden päivät ja palvelutehtävä ovat kelvollisia"
sv = "periodens registerrader som inte är exkluderade och vars datum och serviceuppgift duger"
en = "register rows of the period that are not excluded and whose dates and service task are usable"
sql = '''
SELECT count(*)
FROM ledger
ANTI JOIN settled USING (source_id)'''

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
fi = "palveluyksikkö, asiakastietojärjestelmässä, tai tiedonhallinta luetteloaineistossa"
sv = "serviceenheten, i klientdatasystemet, eller dataförvaltningen i registermaterialet"
en = "the service unit, in the client information system, or the data managers in the register data"

[defect]
story = "partial-dates"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'partial-date'
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
