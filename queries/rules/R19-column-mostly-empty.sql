/*
code = "R19"
name = "column-mostly-empty"
severity = "warning"
applies = ".."
scope = "whole"

[parameters.share]
default = 20
fi = "prosenttia: suurin sallittu tyhjien osuus"
sv = "procent: den största tillåtna andelen tomma"
en = "per cent: the largest share of empty ones let pass"

[parameters.least]
default = 20
fi = "pienin rivimäärä"
sv = "det minsta antalet rader"
en = "the fewest rows"

[title]
fi = "Oman asiakkuusluettelon sarakkeesta puuttuu tietoja"
sv = "En kolumn i det egna registret saknar uppgifter"
en = "A column of the register is empty in many rows"

[why]
fi = """
Ilman palvelutehtävää riviä ei voi verrata, ja ilman kuntaa, yksikköä tai syntymäaikaa raportit jakavat vain osan
riveistä."""
sv = """
Utan serviceuppgift kan en rad inte jämföras, och utan kommun, enhet eller födelsetid delar rapporterna bara upp en
del av raderna."""
en = """
A row without its service task cannot be compared, and without municipality, unit or birth date the reports break
down a part of the rows only."""

[guidance]
fi = "Täydennä sarake luettelon poimintaan ja lataa luettelo uudelleen."
sv = "Komplettera kolumnen i uttaget och läs in listan på nytt."
en = "Have the extract fill the column, and load the register again."

[numerator]
fi = "niistä ne, jotka ovat tyhjiä useammalla kuin $share prosentilla riveistä (oma raja)"
sv = "av dem de som är tomma på mer än $share procent av raderna (egen gräns)"
en = "those of them that are empty in more than $share per cent of the rows (own limit)"

[of]
fi = """
sarakkeet kunta, syntymäaika, yksikkö ja palvelutehtävä, joissa on tietoa joillakin jakson riveistä, kun rivejä on
vähintään $least"""
sv = """
kolumnerna kommun, födelsetid, enhet och serviceuppgift som har uppgifter på någon av periodens rader, när det finns
minst $least rader"""
en = """
the columns municipality, birth date, unit and service task that some row of the period fills, when there are at
least $least rows"""
sql = '''
-- A column that no row fills is one that the extract does not have.
SELECT count(*) FROM column_filled WHERE rows >= $least AND empty < rows'''

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
parameters = { least = 2 }
seed = "UPDATE register_episode SET unit = NULL WHERE source_id <> (SELECT min(source_id) FROM register_episode)"
*/
SELECT
    name                    AS subject,
    NULL                    AS person_key,
    NULL                    AS service_task,
    NULL                    AS municipality,
    NULL                    AS document,
    empty || ' / ' || rows  AS place
FROM column_filled
-- A column that no row fills is one that the extract does not have.
WHERE rows >= $least AND empty < rows AND 100 * empty > $share * rows
