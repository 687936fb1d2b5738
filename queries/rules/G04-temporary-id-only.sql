/*
code = "G04"
name = "temporary-id-only"
severity = "warning"
applies = "2022-10-01.."
scope = "person"
consequences = ["D03", "G14"]

[title]
fi = "Henkilö on arkistossa vain tilapäisellä tunnuksella"
sv = "Personen finns i arkivet bara under en temporär identifierare"
en = "The archive knows the person only by another identifier"

[why]
fi = """
Jakso lasketaan arkistoiduksi tunnistetiedoston (identities.csv) perusteella, mutta seurantarekisteri ei välttämättä osaa yhdistää
tilapäistä tunnusta henkilötunnukseen."""
sv = """
Perioden räknas som arkiverad med stöd av filen identities, men uppföljningsregistret kan kanske inte koppla den
temporära identifieraren till personbeteckningen."""
en = """
The days count because the identities file joins the identifiers, but the follow-up register may not be able to join a
temporary identifier to the henkilötunnus."""

[guidance]
fi = "Korjaa henkilötunnus asiakastietojärjestelmään ja arkistoi asiakirjoista uudet versiot."
sv = "Rätta personbeteckningen i klientdatasystemet och arkivera nya versioner av handlingarna."
en = "Enter the henkilötunnus in the client information system and archive new versions of the documents."

[numerator]
fi = "niistä rivit, joilla on syy temporary-id-only"
sv = "av dem raderna med orsaken temporary-id-only"
en = "those of them that carry the reason temporary-id-only"

[of]
fi = "ratkaistavat rivit, joiden henkilöstä arkistossa on jokin asiakirja"
sv = "avgjorda rader vars person har någon handling i arkivet"
en = "rows decided by the archive whose person has any document"
sql = '''
SELECT count(*)
FROM explained
SEMI JOIN person_archive USING (person_key)'''

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
story = "temporary-id"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'temporary-id-only'
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
