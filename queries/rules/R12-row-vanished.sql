/*
code = "R12"
name = "row-vanished"
severity = "error"
applies = ".."
scope = "person"

[title]
fi = "Edellisellä jaksolla avoin rivi on kadonnut omasta asiakkuusluettelosta"
sv = "En rad som var öppen förra perioden har försvunnit ur det egna registret"
en = "A row open in the last period has vanished from the register"

[why]
fi = """
Asiakkuus päättyy päivämäärällä. Rivi, joka katoaa ilman loppupäivää, on yleensä poiminnan virhe, ja jakso jää
seurantarekisterissä auki."""
sv = """
En klientrelation slutar med ett datum. En rad som försvinner utan slutdatum är oftast ett fel i urvalet, och perioden
blir öppen i uppföljningsregistret."""
en = """
A client relationship ends with a date. A row that disappears without one is mostly a fault of the extract, and the
episode stays open in the follow-up register."""

[guidance]
fi = "Etsi rivi lähdejärjestelmästä. Jos asiakkuus päättyi, ota rivi mukaan loppupäivineen."
sv = "Sök raden i källsystemet. Om klientrelationen slutade, ta med raden med slutdatum."
en = "Find the row in the source system. If the relationship ended, include the row with its end."

[numerator]
fi = "niistä ne, joiden henkilöllä ei ole tässä palvelutehtävässä enää riviä eikä rivi ole omassa asiakkuusluettelossa"
sv = "av dem de vars person inte längre har någon rad i serviceuppgiften och vars rad inte finns i det egna registret"
en = "those of them whose person has no row left in the service task, and whose own row is gone"

[of]
fi = "rivit, jotka olivat avoinna edellisen jakson päättyessä (kun edellinen jakso on ohjelman muistissa)"
sv = "rader som var öppna när föregående period slutade (när programmet minns den föregående perioden)"
en = "rows that were open when the previous period ended (when the program remembers that period)"
sql = "SELECT count(*) FROM row_open_before"

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
       'GONE' AS source_id, 'feedfeedfeedfeed' AS identity_key, layer, service_task, organiser, start_text, start_lo, start_hi
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
WHERE finding = 'gone'
