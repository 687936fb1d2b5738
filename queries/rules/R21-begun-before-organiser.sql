/*
code = "R21"
name = "begun-before-organiser"
severity = "info"
applies = ".."
scope = "whole"
consequences = ["G13"]

[parameters.day]
default = 20230101
fi = "palvelunjärjestäjän aloituspäivä, vvvvkkpp"
sv = "tjänsteanordnarens startdag, ååååmmdd"
en = "day on which the organiser began, yyyymmdd"

[title]
fi = "Rivit alkavat ennen kuin palvelunjärjestäjä aloitti"
sv = "Rader börjar innan tjänsteanordnaren började"
en = "Rows begin before their organiser existed"

[why]
fi = """
Hyvinvointialueet aloittivat 1.1.2023. Sitä vanhempi alku on kunnan aikainen, ja Kannan asiakirjassa sama asiakkuus
alkaa usein myöhemmin."""
sv = """
Välfärdsområdena började 1.1.2023. En tidigare början är från kommunens tid, och i handlingen i Kanta börjar samma
klientrelation ofta senare."""
en = """
The wellbeing services counties began on 1 January 2023. An earlier start is of the municipality's time, and the
document in Kanta often begins the same relationship later."""

[guidance]
fi = """
Sopikaa, kumpaa alkua luettelo käyttää, ja käyttäkää samaa asiakirjoilla. Helsinki voi jättää säännön pois."""
sv = """
Kom överens om vilken början listan använder och använd samma i handlingarna. Helsingfors kan lämna bort regeln."""
en = "Agree on which start the register uses, and use the same in documents. Helsinki may leave the rule out."

[numerator]
fi = "niistä ne, joilla on ennen aloituspäivää alkavia rivejä"
sv = "av dem de som har rader som börjar före startdagen"
en = "those of them with rows that begin before that day"

[of]
fi = "palvelunjärjestäjät, joilla on jakson rivejä (aloituspäivä $day, muodossa vvvvkkpp)"
sv = "tjänsteanordnare som har rader i perioden (startdag $day, i formen ååååmmdd)"
en = "organisers with rows of the period (they began on $day, written yyyymmdd)"
counts = "organised"

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
UPDATE register_episode SET start_text = '2021-05-01', start_lo = DATE '2021-05-01', start_hi = DATE '2021-05-01'
WHERE source_id = (SELECT min(source_id) FROM register_episode)"""
*/
WITH organised AS (
    SELECT
        organiser,
        count(*) AS rows,
        count(*) FILTER (start_hi < strptime($day::INTEGER::VARCHAR, '%Y%m%d')::DATE) AS before
    FROM episode
    WHERE in_scope
    GROUP BY organiser
)
SELECT
    organiser              AS subject,
    NULL                   AS person_key,
    NULL                   AS service_task,
    NULL                   AS municipality,
    NULL                   AS document,
    before || ' / ' || rows AS place
FROM organised
WHERE before > 0
