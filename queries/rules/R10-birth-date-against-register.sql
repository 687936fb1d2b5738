/*
code = "R10"
name = "birth-date-against-register"
severity = "warning"
applies = ".."
consequences = ["D11"]

[title]
fi = "Rekisterin syntymäaika ei vastaa henkilötunnusta"
sv = "Registrets födelsetid motsvarar inte personbeteckningen"
en = "A birth date on record does not fit the register's henkilötunnus"

[why]
fi = "Toinen kahdesta on väärin, rekisterissä tai asiakirjalla. Ikäryhmän kattavuus lasketaan syntymäajasta."
sv = """
Den ena av de två är fel, i registret eller i handlingen. Åldersgruppens täckning räknas ur födelsetiden."""
en = """
One of the two is wrong, in the register or in a document. Coverage by age group is counted from the birth date."""

[guidance]
fi = "Tarkista kumpikin ja korjaa virheellinen."
sv = "Kontrollera båda och rätta den felaktiga."
en = "Check both, and correct the wrong one."

[numerator]
fi = "niistä ne, joiden syntymäaika on eri kuin tunnuksen"
sv = "av dem de vars födelsetid är en annan än beteckningens"
en = "those of them whose birth date differs from the identifier's"

[of]
fi = "jakson rekisteririvit, joilla on henkilötunnus ja joiden henkilöllä on tiedossa syntymäaika"
sv = "periodens registerrader med personbeteckning vars person har en känd födelsetid"
en = "register rows of the period with a henkilötunnus for which a record tells a birth date"
sql = '''
SELECT count(*)
FROM episode
JOIN identity_fact USING (identity_key)
WHERE identity_fact.birth_date_agrees IS NOT NULL'''

[basis]
fi = "Laki 661/2009: henkilötunnus; tarkistusmerkki on vain tunnuksilla, joiden juuri on 1.2.246.21"
sv = "Lag 661/2009: personbeteckning; bara identifierare med roten 1.2.246.21 har kontrolltecken"
en = "Act 661/2009: the henkilötunnus; only identifiers of root 1.2.246.21 have a check character"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, rekisteriaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = """
UPDATE person_identity SET birth_date = DATE '1931-01-31'
WHERE identity_key = (SELECT min(identity_key) FROM register_episode)"""
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
WHERE NOT identity_fact.birth_date_agrees
