/*
code = "S01"
name = "decision-without-episode"
severity = "warning"
applies = ".."
scope = "person"
follows_from = ["D05", "D17", "A10", "A15", "G02", "G03", "G05", "G06", "G09", "G11", "G21", "G22", "A05"]
consequences = ["A05", "G02", "S05"]

[title]
fi = "Myönteinen päätös on voimassa ilman arkistoitua asiakkuusjaksoa"
sv = "Ett positivt beslut gäller utan arkiverad klientrelationsperiod"
en = "A positive decision is in force, and no archived episode covers it"

[why]
fi = """
Palvelun saaja on asiakas. Jos mikään asiakkuusjakso ei kata voimassa olevaa päätöstä, jakso on jäänyt arkistoimatta.
Toimii ilman rekisteriäkin."""
sv = """
Den som får en tjänst är klient. Om ingen klientrelationsperiod täcker ett gällande beslut har perioden inte arkiverats.
Fungerar även utan register."""
en = """
Whoever receives a service is a client. If no episode covers a decision in force, the episode was not archived. It
works without any register."""

[guidance]
fi = """
Arkistoi asiakkuusasiakirja, joka nimeää päätöksen palvelutehtävän, tai merkitse päätöksen voimassaolo päättyneeksi."""
sv = """
Arkivera en klientrelationshandling som anger beslutets serviceuppgift, eller markera att beslutet har upphört att
gälla."""
en = """
Archive a client-relationship document that names the decision's service task, or end the decision's validity."""

[numerator]
fi = "niistä ne, joita mikään saman henkilön ja palvelutehtävän jakso ei kata jakson aikana"
sv = "av dem de som ingen period för samma person och serviceuppgift täcker under perioden"
en = "those of them that no archived episode of the person and service task meets in the period"

[of]
fi = "jaksolla voimassa olevat myönteiset päätökset, kukin kerran asiakasta kohden"
sv = "positiva beslut i kraft under perioden, vart och ett en gång per klient"
en = "positive decisions in force in the period, each once a client"
sql = "SELECT count(DISTINCT (oid, person_key)) FROM ruling_of_period"

[basis]
fi = "Sosiaalihuoltolaki 1301/2014 34 §: asiakkuuden alkaminen ja päättyminen"
sv = "Socialvårdslag 1301/2014 34 §: när klientrelationen börjar och slutar"
en = "Social Welfare Act 1301/2014, section 34: when a client relationship begins and ends"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "only-case"
*/
WITH covered AS (
    -- A decision that names no service task is covered by an episode in any. One until further notice says nothing of when
    -- the relationship ended: an episode since its first day is enough.
    SELECT DISTINCT ruling.evidence_no
    FROM ruling_of_period AS ruling
    JOIN archived_episode AS archived
        ON  archived.person_key = ruling.person_key
        AND archived.organiser = ruling.organiser
        AND archived.layer = 'service-task'
    WHERE archived.service_task = coalesce(ruling.service_task, archived.service_task)
      AND archived.possible_start <= least(ruling.last_day, ruling.period_end)
      AND archived.possible_end
          >= CASE WHEN ruling.end_hi IS NULL THEN ruling.first_day ELSE greatest(ruling.first_day, ruling.period_start) END
),
lone AS (
    SELECT * FROM ruling_of_period AS ruling ANTI JOIN covered USING (evidence_no)
)
SELECT
    lone.oid               AS subject,
    lone.person_key,
    min(lone.service_task) AS service_task,
    min(lone.municipality) AS municipality,
    lone.oid               AS document,
    min(lone.pointer)      AS place
FROM lone
GROUP BY lone.oid, lone.person_key
