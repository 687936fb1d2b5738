/*
code = "R30"
name = "unit-closed"
severity = "warning"
applies = ".."
scope = "whole"

[title]
fi = "Luettelon rivejä on yksiköllä tai tuottajalla, joka ei silloin toimi"
sv = "Det egna registret har rader hos en enhet eller tjänsteproducent som då inte är verksam"
en = "Register rows name a unit or producer that does not work at that time"

[why]
fi = """
Lakkautettua yksikköä ei voi pyytää korjaamaan mitään, ja luvut yksiköittäin menevät väärälle yksikölle. Usein rivi jäi
avoimeksi, kun asiakkaat siirtyivät toiseen yksikköön."""
sv = """
En nedlagd enhet kan inte ombes att rätta något, och siffror per enhet hamnar på fel enhet. Ofta blev raden öppen när
klienterna flyttades till en annan enhet."""
en = """
A closed unit cannot be asked to mend anything, and figures by unit go to the wrong one. Often the row was left open when
clients moved to another unit."""

[guidance]
fi = """
Korjaa rivien yksikkö (kanta-gap gaps --unit TUNNUS), tai yksikön päivät yksikköluettelossa, tai kerro asetuksissa, mikä
yksikkö tuli sen tilalle ([succession])."""
sv = """
Rätta radernas enhet (kanta-gap gaps --unit OID) eller enhetens dagar i enhetslistan, eller ange i inställningarna vilken
enhet som kom i stället ([succession])."""
en = """
Correct the unit of the rows (kanta-gap gaps --unit OID), or the unit's days in the units file, or say in the settings which
unit came after it ([succession])."""

[numerator]
fi = "niistä ne, joiden jokin rivi jatkuu jaksolla viimeisen päivän jälkeen tai päättyy ennen ensimmäistä"
sv = "av dem de med en rad som i perioden fortsätter efter den sista dagen eller slutar före den första"
en = "those of them with a row that goes on after the last day in the period, or ends before the first"

[of]
fi = "yksiköt ja tuottajat jakson luetteloriveillä, joiden ensimmäinen tai viimeinen päivä on yksikköluettelossa"
sv = "enheter och tjänsteproducenter på periodens registerrader vars första eller sista dag finns i enhetslistan"
en = "units and producers that register rows of the period name and whose first or last day the units file tells"
sql = "SELECT count(*) FROM dated_unit_of_rows"

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
INSERT INTO register_unit (oid, kind, valid_to)
SELECT unit, 'unit', CASE WHEN unit = min(unit) OVER () THEN DATE '2024-12-31' END
FROM (SELECT DISTINCT unit FROM register_episode WHERE unit IS NOT NULL)"""
*/
SELECT
    unit      AS subject,
    NULL      AS person_key,
    NULL      AS service_task,
    NULL      AS municipality,
    NULL      AS document,
    astray    AS place
FROM dated_unit_of_rows
WHERE astray > 0
