/*
code = "G21"
name = "unknown-service-task"
severity = "error"
applies = "2022-10-01.."
scope = "person"
consequences = ["A05", "S01", "S05"]

[title]
fi = "Luettelorivin palvelutehtävää ei tunnisteta"
sv = "Registerradens serviceuppgift kan inte identifieras"
en = "The register row's service task cannot be resolved"

[why]
fi = """
Tuntematonta palvelutehtävää ei voi verrata arkistoon. Rivi voisi kuulua myös perheoikeuteen, jota ei kerätä."""
sv = """
En okänd serviceuppgift kan inte jämföras med arkivet. Raden kan också höra till familjerätten, som inte samlas in."""
en = """
An unknown service task cannot be compared with the archive. The row might also be of family-law services, which are not collected."""

[guidance]
fi = "Lisää koodi kooditiedostoon (codes.csv) kansallisesta koodistopalvelusta tai korjaa rivi."
sv = "Lägg till koden i kodfilen från den nationella kodtjänsten eller rätta raden."
en = "Add the code to the codes file from the national code service, or correct the row."

[numerator]
fi = "niistä rivit, joilla on syy unknown-service-task"
sv = "av dem raderna med orsaken unknown-service-task"
en = "those of them that carry the reason unknown-service-task"

[of]
fi = "jakson luettelorivit, joita ei ole rajattu pois"
sv = "periodens registerrader som inte är exkluderade"
en = "register rows of the period that are not excluded"
sql = '''
SELECT count(*)
FROM ledger
WHERE class <> 'excluded''''

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
fi = "hyvinvointialueen tiedonhallinta, koodistotiedostossa (codes) tai luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i kodfilen (codes) eller registermaterialet"
en = "the county's data managers, in the codes file or in the register data"

[defect]
story = "unknown-task"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'unknown-service-task'
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
