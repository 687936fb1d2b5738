/*
code = "S05"
name = "entry-without-episode"
severity = "info"
applies = ".."
scope = "person"
follows_from = ["D05", "D10", "D17", "A04", "A10", "A12", "A15", "G02", "G03", "G05", "G06", "G07", "G09", "G11", "G18", "G21", "G22", "A05"]
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
fi = "niistä ne, joiden jonkin merkinnän päivänä saman palvelunjärjestäjän ja palvelutehtävän jaksoa ei ole"
sv = "av dem de med en anteckning vars dag ingen period hos samma tjänsteanordnare i samma serviceuppgift täcker"
en = "those of them with an entry whose day no archived episode of the same organiser and service task holds"

[of]
fi = "henkilöt, joilla on jaksolla asiakaskertomuksen merkintä (tapahtuman päivä, muuten kirjaamisen)"
sv = "personer med en anteckning i klientjournalen under perioden (händelsens dag, annars skrivdagen)"
en = "persons with a client-record entry in the period (the day of the event, else of the writing)"
sql = "SELECT count(DISTINCT (person_key, organiser)) FROM entry_of_period"

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
WITH covered AS (
    SELECT DISTINCT entry.evidence_no
    FROM entry_of_period AS entry
    JOIN archived_episode AS archived
        ON  archived.person_key = entry.person_key
        AND archived.organiser = entry.organiser
        AND archived.layer = 'service-task'
    WHERE archived.service_task = coalesce(entry.service_task, archived.service_task)
      AND archived.possible_start <= entry.first_hi
      AND archived.possible_end >= entry.first_lo
),
lone AS (
    SELECT * FROM entry_of_period AS entry ANTI JOIN covered USING (evidence_no)
)
-- One person is one piece of work, however many entries there are.
SELECT
    min(oid)                                                     AS subject,
    person_key,
    -- total: equal values are one value
    arg_min(service_task, (oid, pointer, coalesce(service_task, ''))) AS service_task,
    min(municipality)                                            AS municipality,
    min(oid)                                                     AS document,
    -- total: equal values are one value
    arg_min(pointer, (oid, pointer))                             AS place
FROM lone
GROUP BY person_key, organiser
