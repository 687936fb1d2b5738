/*
code = "R14"
name = "row-ended-afterwards"
severity = "info"
applies = ".."
scope = "person"

[title]
fi = "Edellisellä jaksolla avoin rivi on päätetty taannehtivasti"
sv = "En rad som var öppen förra perioden har avslutats i efterhand"
en = "A row open in the last period was ended afterwards"

[why]
fi = """
Rivi oli avoinna, kun edellinen jakso toimitettiin, mutta sen loppu on nyt ennen tätä jaksoa. Aiempi toimitus on
korjattava."""
sv = """
Raden var öppen när den föregående perioden lämnades in men slutar nu före denna period. Den tidigare inlämningen måste
rättas."""
en = """
The row was open when the last period was told, and now ends before this one. The earlier delivery wants a correction."""

[guidance]
fi = "Toimita korjaus (kanta-gap deliver). Kirjaa päättyminen jatkossa ajallaan."
sv = "Lämna in en rättelse (kanta-gap deliver). Anteckna slutet i tid i fortsättningen."
en = "Deliver a correction (kanta-gap deliver). Record the end in time from now on."

[numerator]
fi = "niistä ne, joiden loppu on nyt ennen tätä jaksoa, vaikka toinen rivi jatkaisi siitä"
sv = "av dem de som nu slutar före denna period, även om en annan rad fortsätter därifrån"
en = "those of them whose end now lies before this period, even where another row goes on from there"

[of]
fi = "rivit, jotka olivat avoinna edellisen jakson päättyessä (kun edellinen jakso on ohjelman muistissa)"
sv = "rader som var öppna när föregående period slutade (när programmet minns den föregående perioden)"
en = "rows that were open when the previous period ended (when the program remembers that period)"
sql = "SELECT count(*) FROM row_open_before"

[basis]
fi = "Sosiaalihuoltolaki 1301/2014 34 §: asiakkuuden alkaminen ja päättyminen"
sv = "Socialvårdslag 1301/2014 34 §: när klientrelationen börjar och slutar"
en = "Social Welfare Act 1301/2014, section 34: when a client relationship begins and ends"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = '''
INSERT INTO register_episode BY NAME
SELECT * REPLACE ('OLD' AS source_id, 'feedfeedfeedfeed' AS identity_key, '2024-09-30' AS end_text, DATE '2024-09-30' AS end_lo, DATE '2024-09-30' AS end_hi)
FROM register_episode WHERE source_id = (SELECT min(source_id) FROM register_episode);
INSERT INTO remembered_run BY NAME
SELECT 1 AS number, '2024Q4' AS period, DATE '2024-10-01' AS period_start, DATE '2024-12-31' AS period_end;
INSERT INTO remembered_row BY NAME
SELECT DATE '2024-10-01' AS period_start, DATE '2024-12-31' AS period_end, 1 AS since_run, 'archived' AS class,
       'OLD' AS source_id, 'feedfeedfeedfeed' AS identity_key, layer, service_task, organiser, start_text, start_lo, start_hi
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
WHERE finding = 'ended-earlier'
