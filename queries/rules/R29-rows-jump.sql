/*
code = "R29"
name = "rows-jump"
severity = "warning"
applies = ".."
scope = "whole"

[parameters.share]
default = 30
fi = "prosenttia: suurin muutos, jota ei ilmoiteta"
sv = "procent: den största ändring som inte nämns"
en = "per cent: the largest change that is not told of"

[parameters.least]
default = 20
fi = "pienin rivimäärä edellisellä jaksolla"
sv = "det minsta antalet rader under föregående period"
en = "the fewest rows in the period before"

[parameters.chance]
default = 5
fi = "prosenttia: näin harva tarkistus saa löytää jotain pelkästä sattumasta (100: sattumaa ei kysytä)"
sv = "procent: så få kontroller får hitta något av enbart slump (100: slumpen tillfrågas inte)"
en = "per cent: as few checks may find something by chance alone (100: chance is not asked)"

[title]
fi = "Luettelorivien määrä hyppää edellisestä jaksosta"
sv = "Antalet registerrader hoppar från föregående period"
en = "The number of register rows jumps from the period before"

[why]
fi = """
Asiakkuuksien määrä muuttuu hitaasti. Hyppy yhdessä palvelutehtävässä tai yksikössä tarkoittaa usein, että poiminnasta
puuttuu osa tai että jokin tuli siihen kahdesti."""
sv = """
Antalet klientrelationer ändras långsamt. Ett hopp i en serviceuppgift eller enhet betyder ofta att en del saknas i
uttaget eller att något kom med två gånger."""
en = """
Numbers of client relationships change slowly. A jump in one service task or unit often means that a part is missing
from the extract, or that something came into it twice."""

[guidance]
fi = "Selvitä, onko muutos todellinen. Jos ei ole, poimi luettelo uudelleen kokonaisena ja lataa se (register --whole)."
sv = """
Ta reda på om ändringen är verklig. Om inte, ta ut listan på nytt i sin helhet och läs in den (register --whole)."""
en = """
Find out whether the change is true. If it is not, take the extract anew, as a whole, and load it (register --whole)."""

[numerator]
fi = """
niistä ne, joiden rivimäärä muuttui yli $share prosenttia muuhun omaan asiakkuusluetteloon verrattuna eikä sattuma selitä sitä
(Bernsteinin raja; omat rajat)"""
sv = """
av dem de vars antal rader ändrades mer än $share procent jämfört med resten av det egna registret, utan att slumpen förklarar det
(Bernsteins gräns; egna gränser)"""
en = """
those of them whose number of rows changed by more than $share per cent against the rest of the register, where chance
does not explain it (Bernstein's bound; own limits)"""

[of]
fi = "koko oma asiakkuusluettelo, palvelutehtävät ja yksiköt, joissa oli edellisellä jaksolla vähintään $least riviä"
sv = "hela det egna registret, serviceuppgifter och enheter med minst $least rader under föregående period"
en = "the whole register, service tasks and units with at least $least rows in the period before"
sql = "SELECT count(*) FROM rows_compared WHERE before >= $least"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
parameters = { least = 2, chance = 100 }
seed = """
UPDATE register_episode SET end_text = '2024-12-15', end_lo = DATE '2024-12-15', end_hi = DATE '2024-12-15'
WHERE layer = 'service-task' AND service_task = '15'"""
*/
WITH compared AS (
    SELECT *, abs(now - expected) AS change, count(*) OVER () AS comparisons  -- total: counts all
    FROM rows_compared
    WHERE before >= $least
)
SELECT
    of_what || ' ' || part     AS subject,
    NULL                       AS person_key,
    CASE of_what WHEN 'service_task' THEN part END AS service_task,
    NULL                       AS municipality,
    NULL                       AS document,
    before || ' / ' || now     AS place
FROM compared
WHERE 100 * change > $share * expected
  -- And more than chance explains in any of as many comparisons, up or down: Bernstein's bound for the difference of two counts.
  AND ($chance >= 100
       OR 100 * 2 * comparisons * exp(-(change * change) / (2 * (now + expected) + 2 * change / 3)) < $chance)
