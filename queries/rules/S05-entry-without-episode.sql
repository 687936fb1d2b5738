/*
code = "S05"
name = "entry-without-episode"
severity = "info"
applies = ".."
consequences = ["A14"]

[title]
fi = "Asiakaskertomuksen merkintä asiakkuusjaksojen ulkopuolella"
sv = "En anteckning i klientjournalen utanför klientrelationsperioderna"
en = "A client-record entry outside every archived episode"

[why]
fi = """
Merkintä kertoo, että henkilö sai palvelua. Jos mikään asiakkuusjakso ei sisällä päivää, asiakkuus on päätetty liian
aikaisin tai jäänyt arkistoimatta."""
sv = """
Anteckningen visar att personen fick en tjänst. Om ingen klientrelationsperiod innehåller dagen har klientrelationen avslutats
för tidigt eller inte arkiverats."""
en = """
The entry says that the person received a service. If no episode holds its day, the relationship was ended too early
or never archived."""

[guidance]
fi = "Tarkista, jatkuuko asiakkuus, ja arkistoi asiakkuusasiakirjan uusi versio."
sv = "Kontrollera om klientrelationen fortsätter och arkivera en ny version av klientrelationshandlingen."
en = "Check whether the relationship goes on, and archive a new version of the client-relationship document."

[numerator]
fi = "niistä ne, joiden päivänä saman henkilön ja palvelutehtävän jaksoa ei ole"
sv = "av dem de vars dag ingen period för samma person och serviceuppgift täcker"
en = "those of them whose day no archived episode of the person and service task holds"

[of]
fi = "jaksolla kirjoitetut asiakaskertomuksen merkinnät, kukin kerran asiakasta kohden"
sv = "anteckningar i klientjournalen från perioden, var och en en gång per klient"
en = "client-record entries written in the period, each once a client"
sql = '''
WITH entry AS (
    SELECT current_evidence.*
    FROM current_evidence
    CROSS JOIN run
    WHERE kind = 'entry' AND written_on BETWEEN run.period_start AND run.period_end
)
SELECT count(*) FROM entry'''

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
at = "/merkinta_tapaamisesta_tai_yhteydenotosta/asiakaskertomusmerkinta/palvelutehtava"
value = { system = "urn:oid:1.2.246.537.6.1221.201601", code = "20", display = "Vammaispalvelut" }
*/
WITH entry AS (
    SELECT current_evidence.rowid AS evidence_no, current_evidence.*
    FROM current_evidence
    CROSS JOIN run
    WHERE kind = 'entry' AND written_on BETWEEN run.period_start AND run.period_end
),
covered AS (
    SELECT DISTINCT entry.evidence_no
    FROM entry
    JOIN archived_episode AS archived ON archived.person_key = entry.person_key
    WHERE archived.service_task = coalesce(entry.service_task, archived.service_task)
      AND archived.possible_start <= entry.written_on
      AND archived.possible_end >= entry.written_on
)
SELECT
    entry.oid          AS subject,
    entry.person_key,
    entry.service_task,
    entry.municipality,
    entry.oid          AS document,
    entry.pointer      AS place
FROM entry
ANTI JOIN covered USING (evidence_no)
