/*
code = "R22"
name = "protection-after-childhood"
severity = "warning"
applies = ".."
scope = "person"
consequences = ["R10"]

[title]
fi = "Lastensuojelun asiakkuus alkaa täysi-ikäisenä"
sv = "Klientrelationen inom barnskyddet börjar efter 18-årsdagen"
en = "A child-protection relationship begins after the child came of age"

[why]
fi = """
Täysi-ikäisen asiakkuus on jälkihuoltoa, joka ei ole lastensuojelun asiakkuus. Usein rivillä on vanhemman tunnus."""
sv = """
En myndig persons klientrelation är eftervård, som inte är en klientrelation inom barnskyddet. Ofta har raden en
förälders identifierare."""
en = """
A grown-up's relationship is after-care, which is no child-protection relationship. Often the row has a parent's
identifier."""

[guidance]
fi = "Korjaa tunnus, tai poista rivi tasolta child-protection ja pidä palvelutehtävän rivi."
sv = "Rätta identifieraren, eller ta bort raden från skiktet child-protection och behåll serviceuppgiftens rad."
en = """
Correct the identifier, or take the row out of the layer child-protection and keep the one of the service task."""

[numerator]
fi = "niistä ne, jotka alkavat varmasti 18-vuotispäivänä tai sen jälkeen"
sv = "av dem de som säkert börjar på eller efter 18-årsdagen"
en = "those of them that certainly begin on or after the 18th birthday"

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
UPDATE register_episode SET birth_date = DATE '2001-01-01'
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
WHERE starts_of_age
