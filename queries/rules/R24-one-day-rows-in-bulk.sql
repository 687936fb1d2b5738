/*
code = "R24"
name = "one-day-rows-in-bulk"
severity = "info"
applies = ".."
scope = "whole"
consequences = ["G13"]

[parameters.share]
default = 20
fi = "prosenttia: suurin osuus, jota ei ilmoiteta"
sv = "procent: den största andelen som inte meddelas"
en = "per cent: the largest share that is not told of"

[parameters.least]
default = 20
fi = "pienin rivimäärä"
sv = "det minsta antalet rader"
en = "the fewest rows"

[title]
fi = "Moni päättynyt rivi on yhden päivän mittainen"
sv = "Många avslutade rader är en dag långa"
en = "Many ended rows are one day long"

[why]
fi = "Yhden päivän asiakkuudet ovat usein palvelutapahtumia tai kirjauksia, eivät asiakkuuksia."
sv = "Endagsperioder är ofta besök eller anteckningar, inte klientrelationer."
en = "Rows of one day are often visits or entries, no client relationships."

[guidance]
fi = "Selvitä, mitä rivit ovat, ja poimi luetteloon asiakkuudet."
sv = "Ta reda på vad raderna är och ta ut klientrelationerna i listan."
en = "Find out what the rows are, and have the extract take client relationships."

[numerator]
fi = "niistä ne, joiden päättyneistä riveistä yli $share prosenttia on yhden päivän mittaisia (oma raja)"
sv = "av dem de där mer än $share procent av de avslutade raderna är en dag långa (egen gräns)"
en = "those of them in which more than $share per cent of the ended rows are one day long (own limit)"

[of]
fi = "palvelutehtävät, joissa on vähintään $least jaksolla päättynyttä riviä"
sv = "serviceuppgifter med minst $least rader som avslutats i perioden"
en = "service tasks with at least $least rows that ended in the period"
sql = "SELECT count(*) FROM ended_by_task WHERE rows >= $least"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
parameters = { least = 1 }
seed = """
UPDATE register_episode SET
    start_text = '2025-02-03', start_lo = DATE '2025-02-03', start_hi = DATE '2025-02-03',
    end_text = '2025-02-03', end_lo = DATE '2025-02-03', end_hi = DATE '2025-02-03'
WHERE source_id = (SELECT min(source_id) FROM register_episode WHERE layer = 'service-task' AND service_task IS NOT NULL)"""
*/
SELECT
    service_task             AS subject,
    NULL                     AS person_key,
    service_task,
    NULL                     AS municipality,
    NULL                     AS document,
    one_day || ' / ' || rows AS place
FROM ended_by_task
WHERE rows >= $least AND 100 * one_day > $share * rows
