/*
code = "R10"
name = "birth-date-against-register"
severity = "warning"
applies = ".."
scope = "person"
follows_from = ["R04"]

[title]
fi = "Oman asiakkuusluettelon syntymäaika ei vastaa henkilötunnusta"
sv = "Det egna registrets födelsetid motsvarar inte personbeteckningen"
en = "The register's birth date does not fit the henkilötunnus"

[why]
fi = "Toinen rivin kahdesta tiedosta on väärin. Ikäryhmän kattavuus lasketaan syntymäajasta."
sv = """
Den ena av radens två uppgifter är fel. Åldersgruppens täckning räknas ur födelsetiden."""
en = """
One of the row's two facts is wrong. Coverage by age group is counted from the birth date."""

[guidance]
fi = "Tarkista kumpikin ja korjaa virheellinen."
sv = "Kontrollera båda och rätta den felaktiga."
en = "Check both, and correct the wrong one."

[numerator]
fi = "niistä ne, joiden syntymäaika on eri kuin tunnuksen"
sv = "av dem de vars födelsetid är en annan än beteckningens"
en = "those of them whose birth date differs from the identifier's"

[of]
fi = "jakson luettelorivit, joilla on henkilötunnus ja syntymäaika"
sv = "periodens registerrader med personbeteckning och födelsetid"
en = "register rows of the period with a henkilötunnus and a birth date"
sql = '''
SELECT count(*)
FROM episode
JOIN register_episode AS written USING (source_id)
WHERE written.birth_date_fits IS NOT NULL'''

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
UPDATE register_episode SET birth_date = DATE '1931-01-31'
WHERE source_id = (SELECT min(source_id) FROM register_episode)"""
*/
SELECT
    episode.source_id     AS subject,
    episode.person_key,
    episode.service_task,
    episode.municipality,
    NULL                  AS document,
    NULL                  AS place
FROM episode
JOIN register_episode AS written USING (source_id)
WHERE NOT written.birth_date_fits
