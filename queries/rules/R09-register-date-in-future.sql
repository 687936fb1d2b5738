/*
code = "R09"
name = "register-date-in-future"
severity = "warning"
applies = ".."
scope = "whole"
all = true

[all_why]
fi = "tuleva alkupäivä ei kuulu vielä mihinkään seurantajaksoon"
sv = "ett startdatum i framtiden hör ännu inte till någon uppföljningsperiod"
en = "a start in the future belongs to no period yet"

[title]
fi = "Luettelorivillä on päivä tulevaisuudessa"
sv = "En registerrad har ett datum i framtiden"
en = "A register row has a date in the future"

[why]
fi = """
Asiakkuus kirjataan alkaneeksi tai päättyneeksi vasta, kun niin on käynyt. Tuleva päivä on kirjoitusvirhe tai
suunnitelma."""
sv = """
En klientrelation antecknas som inledd eller avslutad först när det har skett. Ett framtida datum är ett skrivfel
eller en plan."""
en = """
A client relationship is recorded as begun or ended when it has happened. A day in the future is a slip or a plan."""

[guidance]
fi = "Korjaa päivä. Jos päättyminen on vasta suunniteltu, jätä loppu tyhjäksi."
sv = "Rätta datumet. Om slutet bara är planerat, lämna det tomt."
en = "Correct the date. If the end is only planned, leave it empty."

[numerator]
fi = "niistä ne, jotka alkavat vertailupäivän jälkeen (rajapäivä, muuten uusimman asiakirjan päivä tai jakson loppu)"
sv = """
av dem de som börjar efter jämförelsedagen (gränsdagen, annars den nyaste handlingens dag eller periodens slut)"""
en = """
those of them that begin after the reference day (the as-of date, else the later of the newest document's day and the
period's end)"""

[of]
fi = "kaikki luettelorivit (kun vertailupäivä tiedetään)"
sv = "alla registerrader (när jämförelsedagen är känd)"
en = "all register rows of all periods (when the reference day is known)"
counts = "dated"

[basis]
fi = "Sosiaalihuoltolaki 1301/2014 34 §: asiakkuuden alkaminen ja päättyminen"
sv = "Socialvårdslag 1301/2014 34 §: när klientrelationen börjar och slutar"
en = "Social Welfare Act 1301/2014, section 34: when a client relationship begins and ends"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = "INSERT INTO register_episode BY NAME SELECT * REPLACE ('X' AS source_id, '2052-01-01' AS start_text, DATE '2052-01-01' AS start_lo, DATE '2052-01-01' AS start_hi, NULL AS end_text, NULL AS end_lo, NULL AS end_hi) FROM register_episode WHERE source_id = (SELECT min(source_id) FROM register_episode)"
*/
WITH dated AS (
    -- A register may be newer than the archive: what lies in the period is not the future.
    SELECT register_row.*, coalesce(run.as_of, greatest(reference_day.day, run.period_end)) AS day
    FROM register_row
    CROSS JOIN reference_day
    CROSS JOIN run
    WHERE reference_day.day IS NOT NULL
)
SELECT
    source_id     AS subject,
    person_key,
    service_task,
    municipality,
    NULL          AS document,
    NULL          AS place
FROM dated
-- A planned end may lie in the future, a start may not.
WHERE start_lo > day
