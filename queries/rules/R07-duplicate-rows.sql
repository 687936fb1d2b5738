/*
code = "R07"
name = "duplicate-rows"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Sama jakso on omassa asiakkuusluettelossa kahdesti"
sv = "Samma period finns två gånger i det egna registret"
en = "One episode stands twice in the register"

[why]
fi = """
Kaksi riviä, joilla on eri source_id mutta sama henkilö, tehtävä ja päivät, on yksi jakso. Se laskettaisiin ja
toimitettaisiin kahdesti."""
sv = """
Två rader med olika source_id men samma person, uppgift och datum är en period. Den skulle räknas och lämnas in två
gånger."""
en = """
Two rows with different source_id but the same person, task and dates are one episode. It would be counted and
delivered twice."""

[guidance]
fi = "Poista toinen rivi tai korjaa poiminta, joka tuottaa kaksoiskappaleita."
sv = "Ta bort den ena raden eller rätta urvalet som ger dubbletter."
en = "Remove one of the rows, or mend the extract that makes copies."

[numerator]
fi = "niistä ne, joiden edellä on samanlainen rivi"
sv = "av dem de som föregås av en likadan rad"
en = "those of them that a row just like them precedes"

[of]
fi = "jakson luettelorivit"
sv = "periodens registerrader"
en = "register rows of the period"
counts = "counted"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = "INSERT INTO register_episode BY NAME SELECT * REPLACE ('X' AS source_id) FROM register_episode WHERE source_id = (SELECT min(source_id) FROM register_episode)"
*/
WITH counted AS (
    SELECT episode.*
    FROM episode
    ANTI JOIN task_outside USING (service_task)
    WHERE in_scope
),
numbered AS (
    -- Rows of the same days are copies, however certainly the dates are written.
    SELECT
        *,
        row_number() OVER (  -- total: a source_id stands once
            PARTITION BY person_key, organiser, layer, coalesce(match_task, service_task), start_lo, end_hi
            ORDER BY source_id
        ) AS copy
    FROM counted
)
SELECT
    source_id     AS subject,
    person_key,
    service_task,
    municipality,
    NULL          AS document,
    NULL          AS place
FROM numbered
WHERE copy > 1
