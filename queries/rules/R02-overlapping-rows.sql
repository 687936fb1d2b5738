/*
code = "R02"
name = "overlapping-rows"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Kaksi luetteloriviä menee päällekkäin"
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
niistä ne, jotka alkavat saman henkilön, palvelunjärjestäjän ja tehtävän toisen rivin vielä jatkuessa yli päivän
(samat päivät ovat säännön R07)"""
sv = """
av dem de som börjar medan en annan rad för samma person, tjänsteanordnare och uppgift ännu pågår mer än en dag (samma
dagar hör till R07)"""
en = """
those of them that begin while another row of the same person, organiser, layer and task goes on for more than a day
(the same days are rule R07's)"""

[of]
fi = "jakson luettelorivit, joiden päivät ja palvelutehtävä ovat kelvollisia"
sv = "periodens registerrader med dugliga datum och känd serviceuppgift"
en = "register rows of the period with usable dates and a known service task"
counts = "usable"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = "INSERT INTO register_episode BY NAME SELECT * REPLACE ('X' AS source_id, start_lo + 1 AS start_lo, start_hi + 1 AS start_hi) FROM register_episode WHERE source_id = (SELECT min(source_id) FROM register_episode)"
*/
WITH usable AS (
    SELECT episode.*
    FROM episode
    ANTI JOIN task_outside USING (service_task)
    WHERE NOT reversed AND match_task IS NOT NULL AND in_scope
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
WHERE (earlier.start_lo, earlier.source_id) < (later.start_lo, later.source_id)
  -- More than a day in common, whatever days partial dates mean: a change on one day is none.
  AND greatest(earlier.start_hi, later.start_hi) < least(earlier.end_lo, later.end_lo)
  AND NOT (earlier.start_lo = later.start_lo AND earlier.end_hi = later.end_hi)
