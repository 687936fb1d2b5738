/*
code = "R16"
name = "row-of-another"
severity = "warning"
applies = ".."
scope = "whole"

[title]
fi = "Saman rivitunnuksen henkilö tai palvelutehtävä on vaihtunut"
sv = "Personen eller serviceuppgiften under samma radidentifierare har bytts"
en = "Another person or service task stands under the same source_id"

[why]
fi = "Rivi, joka kertoo nyt toisesta henkilöstä tai tehtävästä, on toinen jakso: edellinen on kadonnut sen alle."
sv = "En rad som nu gäller en annan person eller uppgift är en annan period: den förra har försvunnit under den."
en = "A row that now tells of another person or task is another episode: the former one has vanished under it."

[guidance]
fi = "Anna uudelle jaksolle oma tunnus ja palauta edellinen, tai vahvista korjaus ja toimita se (kanta-gap deliver)."
sv = """
Ge den nya perioden en egen identifierare och återställ den förra, eller bekräfta rättelsen och lämna in den
(kanta-gap deliver)."""
en = """
Give the new episode a source_id of its own and bring the former one back, or confirm the correction and deliver it
(kanta-gap deliver)."""

[numerator]
fi = "niistä ne, joiden henkilö, taso tai palvelutehtävä on nyt toinen (ei kokonaan uudelleen numeroitu poiminta)"
sv = "av dem de vars person, nivå eller serviceuppgift nu är en annan (inte ett uttag som numrerats om helt)"
en = """
those of them whose person, layer or service task is another one now (not where the whole extract is numbered anew)"""

[of]
fi = "edellisen jakson rivit, joiden tunnus on omassa asiakkuusluettelossa edelleen (kun edellinen jakso on ohjelman muistissa)"
sv = """
föregående periods rader vars identifierare fortfarande finns i det egna registret (när programmet minns den föregående
perioden)"""
en = "rows of the previous period whose source_id the register still has (when the program remembers that period)"
counts = "kept"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = '''
INSERT INTO remembered_run BY NAME
SELECT 1 AS number, '2024Q4' AS period, DATE '2024-10-01' AS period_start, DATE '2024-12-31' AS period_end;
INSERT INTO remembered_row BY NAME
SELECT DATE '2024-10-01' AS period_start, DATE '2024-12-31' AS period_end, 1 AS since_run, 'archived' AS class,
       source_id, identity_key, layer, '15' AS service_task, organiser, start_text, start_lo, start_hi, start_text AS end_text, start_lo AS end_lo, start_hi AS end_hi
FROM register_episode WHERE source_id = (SELECT min(source_id) FROM register_episode WHERE layer = 'service-task' AND service_task <> '15')'''
*/
WITH kept AS (
    SELECT
        before.source_id,
        before.person_key   AS before_person,
        before.layer        AS before_layer,
        before.service_task AS before_task,
        now.person_key,
        now.layer,
        now.service_task,
        now.municipality
    FROM previous_row AS before
    JOIN register_row AS now USING (source_id)
    WHERE before.class <> 'excluded'
),
others AS (
    -- An extract that is numbered anew names other persons nearly everywhere: that is one cause, told of nobody.
    SELECT 2 * count(*) FILTER (person_key <> before_person) > count(*) AND count(*) > 1 AS numbered_anew FROM kept
)
SELECT
    kept.source_id    AS subject,
    kept.person_key,
    kept.service_task,
    kept.municipality,
    NULL              AS document,
    NULL              AS place
FROM kept
CROSS JOIN others
WHERE (kept.person_key <> kept.before_person AND NOT others.numbered_anew)
   OR (kept.person_key = kept.before_person
       AND (kept.layer <> kept.before_layer OR kept.service_task IS DISTINCT FROM kept.before_task))
