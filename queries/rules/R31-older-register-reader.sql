/*
code = "R31"
name = "older-register-reader"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Luettelorivi on ohjelman vanhemman version lukema"
sv = "Registerraden är läst av en äldre version av programmet"
en = "The register row was read by an older version of the program"

[why]
fi = """
Vanhempi lukija ymmärsi päivät, avoimet loput tai tunnisteet toisin. Ohjelma ei säilytä luettelotiedostoja, joten rivi
pysyy sellaisena, kunnes sen tiedosto ladataan uudelleen."""
sv = """
Den äldre läsaren tolkade datum, öppna slut eller identifierare på annat sätt. Programmet sparar inte registerfilerna, så
raden står kvar tills filen läses in på nytt."""
en = """
The older reader understood dates, open ends or identifiers otherwise. The program keeps no copy of register files, so the
row stays as it is until its file is loaded again."""

[guidance]
fi = "Lataa rivin tiedosto tai uusi poiminta samasta lähteestä (kanta-gap register)."
sv = "Läs in radens fil eller ett nytt uttag ur samma källa (kanta-gap register)."
en = "Load the row's file again, or a new extract of the same source (kanta-gap register)."

[numerator]
fi = "niistä ne, jotka vanhempi versio luki"
sv = "av dem de som en äldre version läste"
en = "those of them that an older version read"

[of]
fi = "jakson luettelorivit"
sv = "periodens registerrader"
en = "register rows of the period"
sql = "SELECT count(*) FROM episode"

[basis]
fi = "kanta-gap: oman asiakkuusluettelon lukijan versio (analyser/register/reader.py)"
sv = "kanta-gap: registerläsarens version (analyser/register/reader.py)"
en = "kanta-gap: version of the register's reader (analyser/register/reader.py)"

[fixed_by]
fi = "kanta-gapin käyttäjä"
sv = "användaren av kanta-gap"
en = "whoever runs kanta-gap"

[defect]
seed = "UPDATE register_episode SET seen = NULL WHERE source_id = (SELECT min(source_id) FROM register_episode)"
*/
SELECT
    episode.source_id    AS subject,
    episode.person_key,
    episode.service_task,
    episode.municipality,
    NULL                 AS document,
    NULL                 AS place
FROM episode
JOIN register_episode AS written USING (source_id)
-- The load that saw the row last is the one that read it; rows without one were loaded before loads were numbered.
LEFT JOIN register_load AS load ON load.number = written.seen
CROSS JOIN reader_now
WHERE coalesce(load.reader, 0) < reader_now.register_reader
