/*
code = "G08"
name = "no-service-task"
severity = "error"
applies = "2022-10-01.."
scope = "person"
follows_from = ["A03", "A04", "G09"]
consequences = ["G14"]

[title]
fi = "Asiakkuusasiakirjalta puuttuu palvelutehtävä"
sv = "Klientrelationshandlingen saknar serviceuppgiften"
en = "The client-relationship document lacks the service task"

[why]
fi = """
Henkilö on arkistossa, mutta mikään uusimman asiakkuusasiakirjan lohko ei nimeä tätä palvelutehtävää (lastensuojelun
tasolla: siinä ei ole lastensuojelun asiakkuuden päiviä)."""
sv = """
Personen finns i arkivet, men inget block i den nyaste klientrelationshandlingen anger denna serviceuppgift (i
barnskyddslagret: den saknar datum för klientrelationen inom barnskyddet)."""
en = """
The person is archived, but no block of the newest client-relationship document names this service task (in the child-
protection layer: it has no child-protection dates)."""

[guidance]
fi = """
Täydennä asiakirja asiakastietojärjestelmässä ja arkistoi uusi versio; toimita jakso erikseen siihen asti."""
sv = """
Komplettera handlingen i klientdatasystemet och arkivera den nya versionen; lämna in perioden separat tills
dess."""
en = """
Complete the document in the client information system and archive the new version; until then the episode is
delivered separately."""

[numerator]
fi = "niistä rivit, joilla on syy no-service-task"
sv = "av dem raderna med orsaken no-service-task"
en = "those of them that carry the reason no-service-task"

[of]
fi = "ratkaistavat rivit, joiden henkilöllä on saman palvelunjärjestäjän voimassa oleva asiakkuusasiakirja"
sv = "avgjorda rader vars person har en gällande klientrelationshandling hos samma tjänsteanordnare"
en = """
rows decided by the archive whose person has a current client-relationship document of the row's organiser"""
sql = '''
SELECT count(*)
FROM explained
SEMI JOIN current_relationship USING (person_key, organiser)'''

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
story = "no-task"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'no-service-task'
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
