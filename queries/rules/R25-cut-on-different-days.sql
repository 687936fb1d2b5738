/*
code = "R25"
name = "cut-on-different-days"
severity = "warning"
applies = ".."
scope = "whole"
consequences = ["G13"]

[parameters.days]
default = 31
fi = "päivää: suurin ero, jota ei ilmoiteta"
sv = "dagar: den största skillnaden som inte meddelas"
en = "days: the largest difference that is not told of"

[parameters.chance]
default = 5
fi = "prosenttia: näin harva tarkistus saa tehdä havainnon pelkän sattuman vuoksi (100: sattumaa ei kysytä)"
sv = "procent: så få kontroller får ge en iakttagelse av en slump (100: slumpen frågas inte)"
en = "per cent: as few checks may find something by chance alone (100: chance is not asked)"

[title]
fi = "Luettelo ja arkisto on poimittu eri päivinä"
sv = "Listan och arkivet är uttagna olika dagar"
en = "Register and archive were taken on different days"

[why]
fi = """
Mitä toinen ei vielä tiedä, näyttää puuttuvan toisesta: jakson lopun havainnot ovat poiminnan, eivät arkistoinnin."""
sv = """
Det som den ena ännu inte känner till ser ut att saknas i den andra: iakttagelserna i slutet av perioden beror på
uttaget, inte på arkiveringen."""
en = """
What the one does not know yet looks missing in the other: findings at the end of the period come from the extracts,
not from archiving."""

[guidance]
fi = "Poimi vanhempi aineisto uudelleen samalta päivältä ja lue se."
sv = "Ta ut det äldre materialet på nytt från samma dag och läs in det."
en = "Take the older material anew, of the same day, and load it."

[numerator]
fi = """
niistä ne, joiden viimeinen päivä jää jakson sisään yli $days päivää ennen toisen viimeistä päivää eikä sattuma
selitä hiljaisuutta (Poissonin todennäköisyys; omat rajat)"""
sv = """
av dem de vars sista dag ligger i perioden mer än $days dagar före den andras sista dag där slumpen inte förklarar
tystnaden (Poissonsannolikhet; egna gränser)"""
en = """
those of them whose last day lies in the period, more than $days days before the other's last day, where chance does
not explain the silence (Poisson probability; own limits)"""

[of]
fi = "luettelo ja arkisto, kun kumpikin on luettu"
sv = "listan och arkivet, när båda är inlästa"
en = "register and archive, when both are loaded"
sql = 'SELECT count(*) FROM last_material'

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, aineiston haussa"
sv = "välfärdsområdets dataförvaltning, vid uttaget av materialet"
en = "the county's data managers, where the material is fetched"

[defect]
parameters = { days = 10, chance = 100 }
seed = """
DELETE FROM register_episode WHERE start_lo > DATE '2025-01-20';
UPDATE register_episode SET start_text = '2025-01-10', start_lo = DATE '2025-01-10', start_hi = DATE '2025-01-10'
WHERE source_id = (SELECT min(source_id) FROM register_episode WHERE layer = 'service-task')"""
*/
SELECT
    name                    AS subject,
    NULL                    AS person_key,
    NULL                    AS service_task,
    NULL                    AS municipality,
    NULL                    AS document,
    day || ' / ' || other   AS place
FROM last_material
WHERE day + $days::INTEGER < least(other, period_end)
  AND day >= period_start
  -- Nothing more came where so much was to be expected (Poisson), by the year before.
  AND ($chance >= 100 OR 100 * exp(-year * (least(other, period_end) - day) / 365) < $chance)
