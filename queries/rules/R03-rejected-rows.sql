/*
code = "R03"
name = "rejected-rows"
severity = "error"
applies = ".."
scope = "whole"
all = true

[all_why]
fi = "rivin päiviä ei voitu lukea, joten se voi koskea mitä seurantajaksoa tahansa"
sv = "radens dagar kunde inte läsas, så den kan gälla vilken uppföljningsperiod som helst"
en = "the days of the row could not be read: it may belong to any period"

[title]
fi = "Luetteloaineiston riviä ei voitu lukea"
sv = "En rad i registermaterialet kunde inte läsas"
en = "A row of the register files could not be read"

[why]
fi = "Hylätty rivi ei ole mukana missään luvussa, joten kattavuus näyttää paremmalta kuin se on."
sv = "En avvisad rad ingår inte i någon siffra, så täckningen ser bättre ut än den är."
en = "A rejected row is in no figure, so coverage looks better than it is."

[guidance]
fi = "Korjaa rivi kohdassa, jonka tiedosto, rivi ja sarake näyttävät, ja lataa tiedosto uudelleen."
sv = "Rätta raden där fil, rad och kolumn visar och läs in filen på nytt."
en = "Correct the row at the file, row and column shown, and load the file again."

[numerator]
fi = "niistä hylätyt"
sv = "av dem de avvisade"
en = "those of them that were rejected"

[of]
fi = "luetteloaineiston rivit, luetut ja hylätyt"
sv = "registermaterialets rader, inlästa och avvisade"
en = "rows of all register files, loaded and rejected"
sql = '''
WITH rejected AS (
    -- total: what is written stands in the order
    SELECT file, kind, row, string_agg("column" || ': ' || reason, '; ' ORDER BY "column", reason) AS told
    FROM register_error
    GROUP BY file, kind, row
)
SELECT
    (SELECT count(*) FROM register_episode) + (SELECT count(*) FROM register_service)
    + (SELECT count(*) FROM register_population) + (SELECT count(*) FROM register_identity)
    + (SELECT count(*) FROM register_code) + (SELECT count(*) FROM register_period)
    + (SELECT count(*) FROM register_unit) + (SELECT count(*) FROM register_reference)
    + (SELECT count(*) FROM rejected)'''

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = "INSERT INTO register_error VALUES ('episodes.csv', 'episodes', 7, 'start', 'empty')"
*/
WITH rejected AS (
    -- total: what is written stands in the order
    SELECT file, kind, row, string_agg("column" || ': ' || reason, '; ' ORDER BY "column", reason) AS told
    FROM register_error
    GROUP BY file, kind, row
)
SELECT
    file || ' row ' || row AS subject,
    NULL                   AS person_key,
    NULL                   AS service_task,
    NULL                   AS municipality,
    NULL                   AS document,
    told                   AS place,
    file
FROM rejected
