/*
code = "R11"
name = "protection-row-without-task-row"
severity = "warning"
applies = ".."
scope = "person"
consequences = ["R01"]

[title]
fi = "Omassa asiakkuusluettelossa on lastensuojelun asiakkuus ilman palvelutehtävän riviä"
sv = "Det egna registret har en klientrelation inom barnskyddet utan rad för serviceuppgiften"
en = "A child-protection row has no row of the service task beside it"

[why]
fi = """
Lastensuojelun asiakas on aina myös lastensuojelun palvelutehtävän asiakas. Yksi kahdesta jaksosta jää toimittamatta."""
sv = """
En klient inom barnskyddet är alltid också klient i serviceuppgiften barnskydd. Den ena av två perioder blir
olevererad."""
en = """
A child-protection client is always a client of the service task too. One of two episodes would not be delivered."""

[guidance]
fi = "Lisää omaan asiakkuusluetteloon rivi lastensuojelun palvelutehtävästä samoille päiville."
sv = "Lägg till en rad för serviceuppgiften barnskydd för samma dagar i det egna registret."
en = "Add a row of the service task child protection for the same days to the register."

[numerator]
fi = "niistä ne, joilla on jaksolla päivä, jota mikään palvelutehtävän lastensuojelu rivi ei kata"
sv = "av dem de som under perioden har en dag som ingen rad för serviceuppgiften barnskydd täcker"
en = "those of them with a day of the period that no row of the service task child protection covers"

[of]
fi = "jakson lastensuojelun asiakkuuksien rivit, joiden päivät ovat kelvollisia"
sv = "periodens rader för klientrelationer inom barnskyddet med dugliga datum"
en = "child-protection rows of the period with usable dates"
sql = '''
WITH protection AS (
    SELECT *
    FROM episode
    WHERE layer = 'child-protection' AND in_scope AND NOT reversed
)
SELECT count(*) FROM protection'''

[basis]
fi = "Lastensuojelulaki 417/2007 27 §: lastensuojelun asiakkuus"
sv = "Barnskyddslag 417/2007 27 §: klientrelation inom barnskyddet"
en = "Child Welfare Act 417/2007, section 27: the child-protection client relationship"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = "DELETE FROM register_episode WHERE layer = 'service-task' AND service_task = '10'"
*/
SELECT
    source_id     AS subject,
    person_key,
    service_task,
    municipality,
    NULL          AS document,
    NULL          AS place
FROM continuity
WHERE finding = 'protection-alone'
