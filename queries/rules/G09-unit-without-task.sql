/*
code = "G09"
name = "unit-without-task"
severity = "error"
applies = "2022-10-01.."
scope = "person"
consequences = ["A07", "A15", "G08", "S01", "S05"]

[title]
fi = "Ensimmäisen vaiheen palveluyksiköltä puuttuu palvelutehtävä"
sv = "En serviceenhet från första fasen saknar serviceuppgift"
en = "A first-phase unit covers the days but names no service task"

[why]
fi = """
Ensimmäisen vaiheen asiakirjoista siirretty yksikkö kattaa päivät, mutta ilman palvelutehtävää niistä ei muodostu
asiakkuusjaksoa."""
sv = """
En enhet som överförts från första fasens handlingar täcker dagarna, men utan serviceuppgift bildar de ingen
klientrelationsperiod."""
en = """
A unit moved over from first-phase documents covers the days, but without a service task they make no client episode."""

[guidance]
fi = "Siirrä yksikkö sen palvelutehtävän lohkoon, jossa asiakkuus on, ja arkistoi uusi versio."
sv = """
Flytta enheten till blocket för den serviceuppgift där klientrelationen finns och arkivera en ny version."""
en = """
Move the unit into the block of the service task in which the person is a client, and archive a new version."""

[numerator]
fi = "niistä rivit, joilla on syy unit-without-task"
sv = "av dem raderna med orsaken unit-without-task"
en = "those of them that carry the reason unit-without-task"

[of]
fi = """
ratkaistavat palvelutehtävän rivit, joiden henkilöllä on saman palvelunjärjestäjän voimassa oleva asiakkuusasiakirja"""
sv = """
avgjorda serviceuppgiftsrader vars person har en gällande klientrelationshandling hos samma tjänsteanordnare"""
en = """
service-task rows decided by the archive whose person has a current client-relationship document of the row's
organiser"""
sql = '''
SELECT count(*)
FROM explained
SEMI JOIN current_relationship USING (person_key, organiser)
WHERE explained.layer = 'service-task''''

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "first-phase-unit"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'unit-without-task'
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
