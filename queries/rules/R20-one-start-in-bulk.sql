/*
code = "R20"
name = "one-start-in-bulk"
severity = "info"
applies = ".."
scope = "whole"
consequences = ["G13"]

[parameters.share]
default = 5
fi = "prosenttia: suurin osuus riveistä, joka saa alkaa samana päivänä"
sv = "procent: den största andelen rader som får börja samma dag"
en = "per cent: the largest share of rows that may begin on one day"

[parameters.least]
default = 20
fi = "pienin rivimäärä"
sv = "det minsta antalet rader"
en = "the fewest rows"

[title]
fi = "Poikkeuksellisen moni rivi alkaa samana päivänä"
sv = "Ovanligt många rader börjar samma dag"
en = "Unusually many rows begin on one day"

[why]
fi = "Päivä on usein siirron täytepäivä tai päivä, johon luettelo on katkaistu; todellinen alku on muu."
sv = """
Dagen är ofta ett fyllnadsdatum från en överföring eller dagen som listan är kapad på; den verkliga början är en
annan."""
en = """
The day is often a migration's placeholder or the day at which the register was cut; the true start is another."""

[guidance]
fi = "Selvitä, mistä päivä tulee, ja korjaa todelliset alkupäivät luetteloon."
sv = "Ta reda på varifrån dagen kommer och rätta de verkliga startdatumen i listan."
en = "Find out where the day comes from, and put the true starts into the register."

[numerator]
fi = "niistä ne, joina alkaa vähintään $least riviä ja yli $share prosenttia jakson riveistä (omat rajat)"
sv = "av dem de då minst $least rader och mer än $share procent av periodens rader börjar (egna gränser)"
en = """
those of them on which at least $least rows and more than $share per cent of the period's rows begin (own limits)"""

[of]
fi = "päivät, joina jokin jakson riveistä alkaa"
sv = "dagar då någon av periodens rader börjar"
en = "days on which some row of the period begins"
sql = "SELECT count(*) FROM row_begun"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
parameters = { least = 5 }
seed = """
UPDATE register_episode SET start_text = '2024-09-30', start_lo = DATE '2024-09-30', start_hi = DATE '2024-09-30'
WHERE layer = 'service-task' AND start_lo > DATE '2024-01-01'"""
*/
SELECT
    start_lo                AS subject,
    NULL                    AS person_key,
    NULL                    AS service_task,
    NULL                    AS municipality,
    NULL                    AS document,
    rows || ' / ' || of_all AS place
FROM row_begun
WHERE rows >= $least AND 100 * rows > $share * of_all
