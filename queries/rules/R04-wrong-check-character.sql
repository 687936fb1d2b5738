/*
code = "R04"
name = "wrong-check-character"
severity = "error"
applies = ".."
scope = "person"
consequences = ["G01", "G14", "R01", "R05", "R06", "R10"]

[title]
fi = "Luettelorivin henkilötunnus on virheellinen"
sv = "Registerradens personbeteckning är felaktig"
en = "A henkilötunnus of the register is not valid"

[why]
fi = """
Väärin kirjoitettu tunnus ei löydy arkistosta, ja jakso näyttää puuttuvan. Toimitettuna se olisi väärän henkilön
tieto."""
sv = """
En felskriven beteckning finns inte i arkivet, och perioden ser ut att saknas. Levererad skulle den vara en uppgift om
fel person."""
en = """
A mistyped identifier is not found in the archive, and the episode looks missing. Delivered, it would be a statement
about the wrong person."""

[guidance]
fi = "Korjaa henkilötunnus. Jos se on tilapäinen tunnus, anna sen juuri sarakkeessa person_id_root."
sv = "Rätta personbeteckningen. Om det är en temporär identifierare, ange dess rot i kolumnen person_id_root."
en = "Correct the henkilötunnus. If it is a temporary identifier, give its root in the column person_id_root."

[numerator]
fi = "niistä ne, joiden päivä, yksilönumero tai tarkistusmerkki on väärä"
sv = "av dem de vars datum, individnummer eller kontrolltecken är fel"
en = "those of them whose date, individual number (000, 001) or check character is wrong"

[of]
fi = "jakson luettelorivit, joiden tunnuksen juuri on 1.2.246.21"
sv = "periodens registerrader med en identifierare vars rot är 1.2.246.21"
en = "register rows of the period with an identifier of root 1.2.246.21"
sql = '''
SELECT count(*)
FROM episode
JOIN identity_fact USING (identity_key)
WHERE identity_fact.national'''

[basis]
fi = "Laki 661/2009: henkilötunnus; tarkistusmerkki on vain tunnuksilla, joiden juuri on 1.2.246.21"
sv = "Lag 661/2009: personbeteckning; bara identifierare med roten 1.2.246.21 har kontrolltecken"
en = "Act 661/2009: the henkilötunnus; only identifiers of root 1.2.246.21 have a check character"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = """
UPDATE register_episode SET identity_key = 'ffffffffffffffff' WHERE source_id = (SELECT min(source_id) FROM register_episode);
INSERT INTO person_identity BY NAME SELECT 'ffffffffffffffff' AS identity_key, '1.2.246.21' AS root, '010190-900A' AS value"""
*/
SELECT
    episode.source_id     AS subject,
    episode.person_key,
    episode.service_task,
    episode.municipality,
    NULL                  AS document,
    NULL                  AS place
FROM episode
JOIN identity_fact USING (identity_key)
WHERE NOT identity_fact.valid
