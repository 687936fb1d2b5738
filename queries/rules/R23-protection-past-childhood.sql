/*
code = "R23"
name = "protection-past-childhood"
severity = "info"
applies = ".."
scope = "person"
consequences = ["R10"]

[title]
fi = "Lastensuojelun asiakkuus jatkuu täysi-ikäisyyden yli"
sv = "Klientrelationen inom barnskyddet fortsätter efter 18-årsdagen"
en = "A child-protection relationship goes on after the child came of age"

[why]
fi = """
Lastensuojelun asiakkuus päättyy yleensä viimeistään 18-vuotispäivään; avoin rivi on usein jäänyt päättämättä."""
sv = """
Klientrelationen inom barnskyddet upphör i regel senast på 18-årsdagen; en öppen rad har ofta inte avslutats."""
en = "A child-protection relationship mostly ends by the 18th birthday; an open row was often never ended."

[guidance]
fi = "Tarkista, milloin asiakkuus päättyi, ja kirjaa loppupäivä."
sv = "Kontrollera när klientrelationen upphörde och anteckna slutdatumet."
en = "Check when the relationship ended, and record its end."

[numerator]
fi = "niistä ne, jotka jatkuvat jaksolla 18-vuotispäivän jälkeen"
sv = "av dem de som i perioden fortsätter efter 18-årsdagen"
en = "those of them that go on in the period after the 18th birthday"

[of]
fi = "jakson lastensuojelun asiakkuusrivit, joiden henkilön syntymäaika tiedetään"
sv = "periodens rader om klientrelationen inom barnskyddet vars persons födelsetid är känd"
en = "child-protection rows of the period whose person's birth date is known"
sql = 'SELECT count(*) FROM protection_of_known_age'

[basis]
fi = "Lastensuojelulaki 417/2007 6 § ja 27 §: lapsi on alle 18-vuotias"
sv = "Barnskyddslag 417/2007 6 § och 27 §: ett barn är under 18 år"
en = "Child Welfare Act 417/2007, sections 6 and 27: a child is under 18"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = """
UPDATE register_episode SET birth_date = DATE '2007-01-20'
WHERE source_id = (SELECT min(source_id) FROM register_episode WHERE layer = 'child-protection')"""
*/
SELECT
    source_id     AS subject,
    person_key,
    service_task,
    municipality,
    NULL          AS document,
    NULL          AS place
FROM protection_of_known_age
-- Those that begin after childhood are rule R22's.
WHERE goes_on_of_age AND NOT starts_of_age
