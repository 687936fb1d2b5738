/*
code = "S02"
name = "service-started-without-episode"
severity = "warning"
applies = ".."
scope = "person"
follows_from = ["A15", "A05"]
consequences = ["A14"]

[title]
fi = "Palvelu on alkanut ilman arkistoitua asiakkuusjaksoa"
sv = "En tjänst har börjat utan arkiverad klientrelationsperiod"
en = "A service has started, and no archived episode covers the day"

[why]
fi = """
Merkintä palvelun alkamisesta kertoo, että henkilö on asiakas. Jos asiakkuusjakso puuttuu siltä päivältä, se on jäänyt
arkistoimatta. Toimii ilman rekisteriäkin."""
sv = """
En anteckning om att en tjänst börjat visar att personen är klient. Om klientrelationsperioden saknas den dagen har den inte
arkiverats. Fungerar även utan register."""
en = """
An entry that a service started says that the person is a client. If no episode holds that day, it was not archived.
It works without any register."""

[guidance]
fi = "Arkistoi asiakkuusasiakirja tai korjaa sen alkupäivä palvelun alkuun asti."
sv = "Arkivera klientrelationshandlingen, eller rätta dess startdatum till tjänstens början."
en = "Archive the client-relationship document, or move its start back to the start of the service."

[numerator]
fi = "niistä ne, joiden alkupäivänä saman henkilön ja palvelutehtävän jaksoa ei ole"
sv = "av dem de vars startdag ingen period för samma person och serviceuppgift täcker"
en = "those of them whose day no archived episode of the person and service task holds"

[of]
fi = "jaksolla alkaneista palveluista kertovat merkinnät, kukin kerran asiakasta kohden"
sv = "anteckningar om tjänster som började under perioden, var och en en gång per klient"
en = "entries that a service started in the period, each once a client"
sql = "SELECT count(*) FROM service_started"

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
at = "/merkinta_sosiaalipalvelun_alkamisesta/sosiaalipalvelun_alkamispaiva"
value = "2025-01-20"

[[defect.edit]]
at = "/merkinta_sosiaalipalvelun_alkamisesta/palvelutehtava"
value = { system = "urn:oid:1.2.246.537.6.1221.201601", code = "20", display = "Vammaispalvelut" }
*/
WITH covered AS (
    SELECT DISTINCT started.evidence_no
    FROM service_started AS started
    JOIN archived_episode AS archived
        ON  archived.person_key = started.person_key
        AND archived.organiser = started.organiser
        AND archived.layer = 'service-task'
    WHERE archived.service_task = coalesce(started.service_task, archived.service_task)
      AND archived.possible_start <= started.first_hi
      AND archived.possible_end >= started.first_lo
)
SELECT
    started.oid          AS subject,
    started.person_key,
    started.service_task,
    started.municipality,
    started.oid          AS document,
    started.pointer      AS place
FROM service_started AS started
ANTI JOIN covered USING (evidence_no)
