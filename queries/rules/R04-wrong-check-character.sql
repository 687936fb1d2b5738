/*
code = "R04"
name = "wrong-check-character"
severity = "warning"
basis = "Act on the Digital and Population Data Services Agency's certificate services; only for root 1.2.246.21"
fixed_by = "county's data managers, in the register"
defect = "@check-character"
of_sql = "SELECT count(*) FROM episode"

[title]
fi = "henkilötunnuksen muoto on väärä"
sv = "personbeteckningen har fel form"
en = "a henkilötunnus of wrong form"

[guidance]
fi = "tarkista tunnus; tilapäisellä tunnuksella on oma juuri"
sv = "kontrollera beteckningen; en temporär har egen rot"
en = "check it; a temporary identifier has a root of its own"

[of]
fi = "jakson rekisteririvit"
sv = "periodens registerrader"
en = "register rows of the period"
*/
WITH shaped AS (
    SELECT identity_key, value, regexp_full_match(value, '\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]') AS well_shaped
    FROM person_identity
    WHERE root = '1.2.246.21'
)
SELECT episode.source_id AS subject, episode.person_key, episode.service_task, episode.municipality, NULL AS document,
       NULL AS place
FROM episode
JOIN shaped USING (identity_key)
WHERE NOT shaped.well_shaped
   OR substr('0123456789ABCDEFHJKLMNPRSTUVWXY', (try_cast(shaped.value[1:6] || shaped.value[8:10] AS INTEGER) % 31) + 1, 1)
      <> shaped.value[11]
