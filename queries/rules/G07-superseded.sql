/*
code = "G07"
name = "superseded"
severity = "error"
applies = "2022-10-01.."
scope = "person"
follows_from = ["G06"]
consequences = ["A11", "G10", "G13", "S05"]

[title]
fi = "Vanhempi versio kattoi päiviä, joita uusin ei kata"
sv = "En äldre version täckte dagar som den nyaste inte täcker"
en = "An older version covered days that the newest does not"

[why]
fi = """
Uusin versio korvaa vanhat kokonaan. Jos siitä puuttuu päättynyt yksikkö tai palvelutehtävä, aiemmin arkistoitu jakso
katoaa."""
sv = """
Den nyaste versionen ersätter de äldre helt. Om en avslutad enhet eller serviceuppgift saknas i den försvinner en
period som redan var arkiverad."""
en = """
The newest version replaces the older ones whole. If it drops a unit or a service task that has ended, an episode
already archived disappears."""

[guidance]
fi = "Täydennä uusimpaan versioon myös päättyneet yksiköt ja palvelutehtävät ja arkistoi se uudelleen."
sv = """
Komplettera den nyaste versionen även med avslutade enheter och serviceuppgifter och arkivera den på nytt."""
en = "Put the ended units and service tasks back into the newest version and archive it again."

[numerator]
fi = "niistä rivit, joilla on syy superseded"
sv = "av dem raderna med orsaken superseded"
en = "those of them that carry the reason superseded"

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
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
story = "superseded"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'superseded'
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
