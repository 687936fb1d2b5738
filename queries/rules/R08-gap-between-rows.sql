/*
code = "R08"
name = "gap-between-rows"
severity = "info"
applies = ".."
scope = "person"

[parameters.days]
default = 30
fi = "välin pisin pituus päivinä"
sv = "mellanrummets största längd i dagar"
en = "longest gap in days"

[title]
fi = "Luettelorivi jatkaa edellistä heti tai lyhyen katkon jälkeen"
sv = "En registerrad fortsätter den föregående genast eller efter ett kort avbrott"
en = "A register row goes on from another at once or after a short gap"

[why]
fi = """
Lyhyt väli syntyy usein siitä, että jakso on katkaistu esimerkiksi yksikön vaihtuessa, vaikka asiakkuus jatkui."""
sv = """
Ett kort mellanrum uppstår ofta när perioden har brutits, till exempel vid byte av enhet, fast klientrelationen fortsatte."""
en = """
A short gap often comes from an episode that was cut, for example at a change of unit, though the relationship went
on."""

[guidance]
fi = """
Jos asiakkuus jatkui, yhdistä rivit yhdeksi. Jos se todella päättyi ja alkoi uudelleen, mitään ei tarvitse tehdä."""
sv = """
Om klientrelationen fortsatte, slå ihop raderna. Om den verkligen slutade och började på nytt behövs inget."""
en = "If the relationship went on, merge the rows. If it really ended and began again, there is nothing to do."

[numerator]
fi = """
niistä ne, jotka alkavat edellisen päättymispäivänä tai sen jälkeen, välissä enintään $days päivää (oma raja);
paikkana on yhdistetyn jakson päivät"""
sv = """
av dem de som börjar samma dag som den andra slutar eller senare, med högst $days dagar emellan (egen gräns); som
plats anges den sammanslagna periodens datum"""
en = """
those of them that begin on the day on which the other ends or later, with at most $days days between (own limit); their place is the
dates of the one episode"""

[of]
fi = "jakson luettelorivit, joiden edellä on saman henkilön, palvelunjärjestäjän ja tehtävän rivi"
sv = "periodens registerrader som föregås av en rad för samma person, tjänsteanordnare och uppgift"
en = "register rows of the period that another row of the same person, organiser, layer and task precedes"
counts = "second"

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
INSERT INTO register_episode BY NAME
SELECT * REPLACE ('A' AS source_id, start_lo - 40 AS start_lo, start_hi - 40 AS start_hi, start_lo - 10 AS end_lo, start_hi - 10 AS end_hi, 'x' AS end_text)
FROM register_episode WHERE source_id = (SELECT min(source_id) FROM register_episode)"""
*/
WITH followed AS (
    SELECT
        register_row.*,
        -- Of earlier rows that end on the last day the one that began first.
        max({'end': end_hi, 'days': end_hi - start_lo}) OVER (  -- total: a source_id stands once
            PARTITION BY person_key, organiser, layer, match_task
            ORDER BY start_lo, source_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before
    FROM register_row
    ANTI JOIN task_outside USING (service_task)
    WHERE match_task IS NOT NULL AND start_lo <= end_hi AND in_scope
),
island AS (
    -- Rows that go on from one another, with at most so many days between, are perhaps one episode.
    SELECT
        *,
        before."end" AS before_end,
        sum(CASE WHEN start_lo - before."end" - 1 <= $days::INTEGER THEN 0 ELSE 1 END) OVER (  -- total: a source_id stands once
            PARTITION BY person_key, organiser, layer, match_task
            ORDER BY start_lo, source_id
            ROWS UNBOUNDED PRECEDING
        ) AS island
    FROM followed
),
merged AS (
    SELECT person_key, organiser, layer, match_task, island, min(start_lo) AS first_day, max(end_hi) AS last_day
    FROM island
    GROUP BY person_key, organiser, layer, match_task, island
),
second AS (
    SELECT island.*, merged.first_day, merged.last_day
    FROM island
    JOIN merged USING (person_key, organiser, layer, match_task, island)
    SEMI JOIN episode USING (source_id)
    WHERE island.before_end IS NOT NULL
)
SELECT
    source_id     AS subject,
    person_key,
    service_task,
    municipality,
    NULL          AS document,
    -- The dates of the one episode.
    first_day || '..' || CASE WHEN last_day < DATE '9999-12-31' THEN last_day::VARCHAR ELSE '' END AS place
FROM second
-- Rows that meet on one day go on from one another as well; two of that one day are the same twice.
WHERE start_lo - before_end - 1 BETWEEN CASE WHEN before.days > 0 THEN -1 ELSE 0 END AND $days::INTEGER
