/*
code = "D05"
name = "period-reversed"
severity = "error"
applies = ".."
scope = "person"
follows_from = ["A16"]
consequences = ["A15", "G10", "S01", "S05"]

[title]
fi = "Asiakirjan jakso päättyy ennen alkuaan"
sv = "En period i handlingen slutar innan den börjar"
en = "A dated period of the document ends before it starts"

[why]
fi = "Väärin päin oleva jakso ei kata yhtään päivää, joten asiakkuus näyttää puuttuvan arkistosta."
sv = "En omvänd period täcker inte en enda dag, så klientrelationen ser ut att saknas i arkivet."
en = "A reversed period covers no day, so the client relationship looks as if the archive lacked it."

[guidance]
fi = "Korjaa alku- tai loppupäivä kohdassa, jonka osoitin näyttää, ja arkistoi uusi versio."
sv = "Rätta start- eller slutdatumet på den plats som pekaren visar och arkivera en ny version."
en = "Correct start or end at the place that the pointer shows, and archive a new version."

[numerator]
fi = "niistä ne, joiden loppu on ennen alkua"
sv = "av dem de som slutar innan de börjar"
en = "those of them whose end is before their start"

[of]
fi = """
jakson voimassa olevien asiakirjojen jaksot, joilla on alku ja loppu: yksiköt, tuottajat, lastensuojelu, asiat,
asiakkuudet"""
sv = """
perioder med start och slut i periodens gällande handlingar: enheter, tjänsteproducenter, barnskydd, ärenden,
klientrelationer"""
en = """
periods with a start and an end in current documents of the period: units, producers, child protection, cases,
relationships"""
counts = "both_told"

[basis]
fi = "Sosiaalihuoltolaki 1301/2014 34 §: asiakkuuden alkaminen ja päättyminen"
sv = "Socialvårdslag 1301/2014 34 §: när klientrelationen börjar och slutar"
en = "Social Welfare Act 1301/2014, section 34: when a client relationship begins and ends"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
[[defect.edit]]
at = "/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/0/palvelunjarjestajan_palveluyksikko/0/asiakkuuden_paattymispvm"
value = "2020-01-01"
*/
WITH dated AS (
    SELECT document_key, start_lo, start_hi, end_lo, end_hi, pointer
    FROM client_period
    UNION ALL
    SELECT document_key, opened_lo, opened_hi, closed_lo, closed_hi, pointer
    FROM case_fact
    UNION ALL
    SELECT document_key, relationship_start_lo, relationship_start_hi, relationship_end_lo, relationship_end_hi,
           '/' || json_root || '/sosiaalihuollon_asiakkuus'
    FROM document
),
both_told AS (
    SELECT current_document.oid, dated.pointer, dated.start_lo, dated.end_hi
    FROM dated
    JOIN document_of_period AS current_document USING (document_key)
    WHERE dated.start_lo IS NOT NULL AND dated.end_lo IS NOT NULL
)
SELECT
    oid     AS subject,
    NULL    AS person_key,
    NULL    AS service_task,
    NULL    AS municipality,
    oid     AS document,
    pointer AS place
FROM both_told
WHERE end_hi < start_lo
