/*
code = "S04"
name = "evidence-reversed"
severity = "error"
applies = ".."
scope = "person"

[title]
fi = "Päätöksen tai palvelun loppu on ennen alkua"
sv = "Ett beslut eller en tjänst slutar före sin början"
en = "A decision or service ends before it begins"

[why]
fi = """
Väärin päin oleva voimassaolo ei ole voimassa yhtenäkään päivänä, joten se ei kelpaa näytöksi palvelusta."""
sv = "En omvänd giltighetstid gäller inte en enda dag, så den duger inte som belägg för tjänsten."
en = "A reversed validity is in force on no day, so it is no evidence of the service."

[guidance]
fi = "Korjaa alku tai loppu kohdassa, jonka osoitin näyttää, ja arkistoi uusi versio."
sv = "Rätta början eller slutet på den plats som pekaren visar och arkivera en ny version."
en = "Correct start or end at the place that the pointer shows, and archive a new version."

[numerator]
fi = "niistä ne, joiden loppu on ennen alkua"
sv = "av dem de som slutar före sin början"
en = "those of them whose end is before their start"

[of]
fi = "jakson päätökset ja kirjaukset, joilla on alku ja loppu, kerran asiakasta kohti"
sv = "periodens beslut och anteckningar med start och slut, en gång per klient"
en = "decisions and entries of the period with a start and an end, each once a client"
counts = "dated"

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
at = "/lapsiperheiden_palvelupaatos/paatos/paatoksen_voimassaolo"
value = { alkamispaiva = "2025-02-01", paattymispaiva = "2025-01-15" }
*/
WITH dated AS (
    SELECT
        oid,
        person_key,
        service_task,
        pointer,
        start_lo AS first_day,
        end_hi   AS last_day
    FROM current_evidence
    SEMI JOIN period_document USING (document_key)
    WHERE start_lo IS NOT NULL AND end_hi IS NOT NULL
)
SELECT
    oid          AS subject,
    person_key,
    service_task,
    NULL         AS municipality,
    oid          AS document,
    pointer      AS place
FROM dated
WHERE last_day < first_day
