/*
code = "A07"
name = "case-task-not-in-relationship"
severity = "warning"
applies = ".."
scope = "person"
follows_from = ["A04", "G09"]
consequences = ["A14", "G14"]

[title]
fi = "Asian palvelutehtävää ei ole asiakkuusasiakirjalla"
sv = "Ärendets serviceuppgift finns inte i klientrelationshandlingen"
en = "The client-relationship document lacks the service task of a case"

[why]
fi = """
Asia ja asiakkuus kohtaavat henkilön ja palvelutehtävän kautta. Kun asiakkuusasiakirja ei nimeä tehtävää, jaksoa ei
muodostu. Toimii ilman rekisteriäkin."""
sv = """
Ärende och klientrelation möts genom person och serviceuppgift. Om klientrelationshandlingen inte anger uppgiften
bildas ingen period. Fungerar även utan register."""
en = """
Case and client relationship meet through person and service task. If the client-relationship document does not name
the task, there is no episode. It works without any register."""

[guidance]
fi = "Lisää palvelutehtävä asiakkuusasiakirjalle tai korjaa asian palvelutehtävä."
sv = "Lägg till serviceuppgiften i klientrelationshandlingen eller rätta ärendets serviceuppgift."
en = "Add the service task to the client-relationship document, or correct the case's service task."

[numerator]
fi = "niistä ne, joiden palvelutehtävää mikään voimassa oleva asiakkuusasiakirja ei nimeä"
sv = "av dem de vars serviceuppgift ingen gällande klientrelationshandling anger"
en = "those of them whose service task no current client-relationship document of the client names"

[of]
fi = """
jaksolla vireillä olevat asiat, joiden palvelutehtävä tunnetaan ja joiden asiakkaalla on palvelunjärjestäjän
asiakkuusasiakirja (ei päättyneitä lastensuojelun asioita: pelkkä arviointi ei aloita asiakkuutta)"""
sv = """
ärenden som är anhängiga under perioden, med känd serviceuppgift och en klient som har en klientrelationshandling hos
tjänsteanordnaren (inte avslutade barnskyddsärenden: enbart en bedömning inleder ingen klientrelation)"""
en = """
cases pending in the period with a known service task, whose client has a current client-relationship document of the
organiser (closed child-protection cases left out: an assessment alone begins no relationship)"""
sql = "SELECT count(*) FROM case_of_known_client"

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
[[defect.edit]]
at = "/asia_asiakirja/asian_tiedot/palvelutehtava"
value = { system = "urn:oid:1.2.246.537.6.1221.201601", code = "20", display = "Vammaispalvelut" }
*/
WITH named AS (
    SELECT relationship.person_key, relationship.organiser, named_task.service_task
    FROM current_relationship AS relationship
    JOIN named_task USING (document_key)
    WHERE named_task.layer = 'service-task'
)
SELECT
    met.oid           AS subject,
    met.person_key,
    met.service_task,
    met.municipality,
    met.oid           AS document,
    met.pointer       AS place
FROM case_of_known_client AS met
ANTI JOIN named USING (person_key, organiser, service_task)
