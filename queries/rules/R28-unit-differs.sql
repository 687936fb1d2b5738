/*
code = "R28"
name = "unit-differs"
severity = "info"
applies = ".."
scope = "whole"

[title]
fi = "Oman asiakkuusluettelon ja asiakirjan yksikkö eroavat"
sv = "Enheten i det egna registret och i handlingen skiljer sig"
en = "The units of register and document differ"

[why]
fi = """
Rivin yksikkö ei ole mikään niistä, jotka asiakkuusasiakirja nimeää jakson päiville. Yksikkökohtaiset luvut menevät
väärälle yksikölle."""
sv = """
Radens enhet är ingen av dem som klientrelationshandlingen anger för periodens dagar. Siffror per enhet hamnar på fel
enhet."""
en = """
The row's unit is none of those that the client-relationship document names for days of the period. Figures by unit go
to the wrong one."""

[guidance]
fi = "Selvitä, kumpi yksikkö on oikea, ja korjaa luettelorivi tai arkistoi asiakirjan uusi versio."
sv = "Ta reda på vilken enhet som är rätt, och rätta registerraden eller arkivera en ny version av handlingen."
en = "Find out which unit is right, and correct the register row or archive a new version of the document."

[numerator]
fi = "niistä ne, joiden yksikköä asiakirja ei nimeä"
sv = "av dem de vars enhet handlingen inte anger"
en = "those of them whose unit the document does not name"

[of]
fi = """
jakson arkistoidut ja osittaiset rivit, joilla on yksikkö ja joiden päiville asiakirja nimeää yksikön (kun oman asiakkuusluettelon ja
arkiston yksiköillä on yhteisiä tunnuksia)"""
sv = """
periodens arkiverade och delvis arkiverade rader med en enhet, för vilkas dagar handlingen anger en enhet (när det egna registrets
och arkivets enheter har identifierare gemensamt)"""
en = """
archived and partial rows of the period that name a unit and for whose days the document names one (when register and
archive have identifiers of units in common)"""
sql = "SELECT count(*) FROM unit_beside WHERE EXISTS (FROM unit_beside WHERE same)"

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
UPDATE register_episode SET unit = '1.2.246.10.99999901.10.77'
WHERE source_id = (SELECT min(source_id) FROM register_episode WHERE layer = 'service-task')"""
*/
SELECT
    source_id     AS subject,
    person_key,
    service_task,
    municipality,
    document,
    NULL          AS place
FROM unit_beside
WHERE NOT same AND EXISTS (FROM unit_beside WHERE same)
