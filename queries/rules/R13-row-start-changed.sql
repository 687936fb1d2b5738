/*
code = "R13"
name = "row-start-changed"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Luettelorivin alkupäivä on muuttunut jaksojen välillä"
sv = "Registerradens startdatum har ändrats mellan perioderna"
en = "The start of a register row changed between periods"

[why]
fi = """
Edelliseltä jaksolta toimitettiin eri alkupäivä. Ilman korjausta seurantarekisteriin jää kaksi eri jaksoa."""
sv = """
För den föregående perioden lämnades ett annat startdatum in. Utan rättelse blir det två olika perioder i
uppföljningsregistret."""
en = """
Another start was told in the last period. Without a correction the follow-up register keeps two different episodes."""

[guidance]
fi = "Tarkista, kumpi alku on oikea, ja toimita tarvittaessa korjaus (kanta-gap deliver)."
sv = "Kontrollera vilken början som är rätt och lämna vid behov in en rättelse (kanta-gap deliver)."
en = "Check which start is right, and deliver a correction where one is due (kanta-gap deliver)."

[numerator]
fi = "niistä ne, joiden alku on nyt eri päivä"
sv = "av dem de vars början nu är en annan dag"
en = "those of them whose start is another day now"

[of]
fi = "edellisen jakson rivit, jotka ovat omassa asiakkuusluettelossa edelleen (kun edellinen jakso on ohjelman muistissa)"
sv = """
föregående periods rader som fortfarande finns i det egna registret (när programmet minns den föregående perioden)"""
en = "rows of the previous period that the register still has (when the program remembers that period)"
sql = '''
SELECT count(*)
FROM previous_row
SEMI JOIN register_row USING (source_id, person_key)
WHERE previous_row.class <> 'excluded''''

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
       source_id, identity_key, layer, service_task, organiser, '2024-01-01' AS start_text, DATE '2024-01-01' AS start_lo, DATE '2024-01-01' AS start_hi
FROM register_episode WHERE source_id = (SELECT min(source_id) FROM register_episode)'''
*/
SELECT
    source_id                                                                     AS subject,
    person_key,
    service_task,
    municipality,
    NULL                                                                          AS document,
    coalesce(before_start, '…') || '..' || coalesce(before_end, '…')
    || ' → ' || coalesce(now_start, '…') || '..' || coalesce(now_end, '…')     AS place
FROM continuity
WHERE finding = 'start-changed'
