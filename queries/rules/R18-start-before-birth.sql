/*
code = "R18"
name = "start-before-birth"
severity = "error"
applies = ".."
scope = "person"
consequences = ["G13", "R21"]

[title]
fi = "Rivi alkaa ennen kuin henkilö on syntynyt"
sv = "En rad börjar innan personen är född"
en = "A row begins before the person was born"

[why]
fi = "Alkupäivä tai tunnus on väärin: usein siirrossa käytetty täytepäivä tai vanhemman jakso lapsen tunnuksella."
sv = """
Startdatumet eller identifieraren är fel: ofta ett fyllnadsdatum från en överföring eller en förälders period under
barnets beteckning."""
en = """
The start or the identifier is wrong: often a placeholder of a migration, or a parent's episode under the child's
identifier."""

[guidance]
fi = "Korjaa alkupäivä tai tunnus ja lataa rivi uudelleen."
sv = "Rätta startdatumet eller identifieraren och läs in raden på nytt."
en = "Correct the start or the identifier, and load the row again."

[numerator]
fi = "niistä ne, joiden alku on varmasti ennen syntymäaikaa"
sv = "av dem de vars början säkert är före födelsetiden"
en = "those of them that certainly begin before the birth date"

[of]
fi = "jakson rivit, joiden henkilön syntymäaika tiedetään riviltä tai henkilötunnuksesta"
sv = "periodens rader vars persons födelsetid är känd ur raden eller personbeteckningen"
en = "rows of the period whose person's birth date the row or the henkilötunnus tells"
counts = "born"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = """
UPDATE register_episode SET start_text = '1899-01-01', start_lo = DATE '1899-01-01', start_hi = DATE '1899-01-01'
WHERE source_id = (SELECT min(source_id) FROM register_episode)"""
*/
WITH born AS (
    SELECT episode.*, written.starts_before_birth
    FROM episode
    JOIN register_episode AS written USING (source_id)
    WHERE written.starts_before_birth IS NOT NULL AND episode.in_scope
)
SELECT
    source_id     AS subject,
    person_key,
    service_task,
    municipality,
    NULL          AS document,
    NULL          AS place
FROM born
WHERE starts_before_birth
