/*
code = "R02"
name = "overlapping-rows"
severity = "warning"
applies = ".."
consequences = ["G13"]

[title]
fi = "Kaksi rekisteririviä menee päällekkäin"
sv = "Två registerrader överlappar varandra"
en = "Two register rows overlap"

[why]
fi = """
Henkilö × palvelunjärjestäjä × palvelutehtävä on seurantarekisterissä yksi jakso kerrallaan. Päällekkäiset rivit
toimitettaisiin kahdesti."""
sv = """
Person × tjänsteanordnare × serviceuppgift är en period åt gången i uppföljningsregistret. Överlappande rader skulle
lämnas in två gånger."""
en = """
Person × organiser × service task is one episode at a time in the follow-up register. Overlapping rows would be
delivered twice."""

[guidance]
fi = "Yhdistä rivit yhdeksi: yksikön vaihtuminen ei aloita uutta jaksoa."
sv = "Slå ihop raderna till en: ett byte av enhet inleder ingen ny period."
en = "Merge the rows into one: a change of unit begins no new episode."

[numerator]
fi = """
niistä ne, jotka menevät päällekkäin saman henkilön, palvelunjärjestäjän ja tehtävän toisen rivin kanssa (täysin samat ovat
säännön R07)"""
sv = """
av dem de som överlappar en annan rad för samma person, tjänsteanordnare och uppgift (helt lika rader hör till R07)"""
en = """
those of them that overlap another row of the same person, organiser, layer and task (exact copies are rule R07's)"""

[of]
fi = "jakson rekisteririvit, joiden päivät ja palvelutehtävä ovat kelvollisia"
sv = "periodens registerrader med dugliga datum och känd serviceuppgift"
en = "register rows of the period with usable dates and a known service task"
sql = '''
WITH usable AS (
    SELECT *
    FROM episode
    WHERE NOT reversed AND match_task IS NOT NULL
)
SELECT count(*) FROM usable'''

[basis]
fi = "Tämän ohjelman oma tarkistus rekisteriaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, rekisteriaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = "INSERT INTO register_episode BY NAME SELECT * REPLACE ('X' AS source_id, start_lo + 1 AS start_lo, start_hi + 1 AS start_hi) FROM register_episode WHERE source_id = (SELECT min(source_id) FROM register_episode)"
*/
WITH usable AS (
    SELECT *
    FROM episode
    WHERE NOT reversed AND match_task IS NOT NULL
),
several AS (
    -- Most persons have one row in a task: nothing there can overlap.
    SELECT person_no, organiser_no, task_no
    FROM usable
    GROUP BY person_no, organiser_no, task_no
    HAVING count(*) > 1
),
beside AS (
    SELECT * FROM usable SEMI JOIN several USING (person_no, organiser_no, task_no)
)
SELECT DISTINCT
    later.source_id     AS subject,
    later.person_key,
    later.service_task,
    later.municipality,
    NULL                AS document,
    NULL                AS place
FROM beside AS later
JOIN beside AS earlier
    ON  earlier.person_no = later.person_no
    AND earlier.organiser_no = later.organiser_no
    AND earlier.task_no = later.task_no
WHERE earlier.source_id < later.source_id
  AND earlier.start_lo <= later.end_hi
  AND earlier.end_hi >= later.start_lo
  AND NOT (earlier.start_lo = later.start_lo AND earlier.end_hi = later.end_hi)
