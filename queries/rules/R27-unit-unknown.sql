/*
code = "R27"
name = "unit-unknown"
severity = "warning"
applies = ".."
scope = "whole"

[title]
fi = "Oman asiakkuusluettelon yksikköä tai tuottajaa ei ole yksikköluettelossa"
sv = "En enhet eller tjänsteproducent i det egna registret saknas i enhetslistan"
en = "The units file lacks a unit or producer of the register"

[why]
fi = "Raportit ja työlistat eivät tunne yksikön nimeä eivätkä yhteystietoa. Usein tunnus on kirjoitettu väärin tai vanha."
sv = """
Rapporter och arbetslistor känner inte till enhetens namn eller kontaktuppgift. Ofta är identifieraren felskriven eller
gammal."""
en = """
Reports and worklists know neither the unit's name nor whom to ask. Often the OID is mistyped, or an old one."""

[guidance]
fi = "Lisää yksikkö yksikköluetteloon (myös lakkautettu) tai korjaa rivien yksikkö, ja lataa luettelo uudelleen."
sv = "Lägg till enheten i enhetslistan (även en nedlagd) eller rätta radernas enhet, och läs in listan på nytt."
en = "Add the unit to the units file (a closed one too), or correct the unit of the rows, and load the file again."

[numerator]
fi = "niistä ne, joita yksikköluettelossa ei ole"
sv = "av dem de som saknas i enhetslistan"
en = "those of them that the units file lacks"

[of]
fi = "yksiköt ja tuottajat jakson luetteloriveillä (kun yksikköluettelo on ladattu)"
sv = "enheter och tjänsteproducenter på periodens registerrader (när en enhetslista är inläst)"
en = "units and producers that register rows of the period name (when a units file is loaded)"
sql = "SELECT count(*) FROM unit_of_rows WHERE EXISTS (FROM register_unit)"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = "INSERT INTO register_unit (oid, kind) SELECT min(unit), 'unit' FROM register_episode"
*/
SELECT
    unit_of_rows.unit   AS subject,
    NULL                AS person_key,
    NULL                AS service_task,
    NULL                AS municipality,
    NULL                AS document,
    unit_of_rows.rows   AS place
FROM unit_of_rows
ANTI JOIN register_unit ON register_unit.oid = unit_of_rows.unit
WHERE EXISTS (FROM register_unit)
