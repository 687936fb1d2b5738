/*
code = "A03"
name = "protection-without-dates"
severity = "warning"
applies = ".."
scope = "person"
consequences = ["G08"]

[title]
fi = "Lastensuojelun palvelutehtävä ilman lastensuojelun asiakkuutta"
sv = "Serviceuppgiften barnskydd utan klientrelation inom barnskyddet"
en = "The child-protection task without child-protection dates"

[why]
fi = """
Lastensuojelun asiakkuus on seurantarekisterissä oma jaksonsa. Jos se on alkanut, mutta päiviä ei ole asiakirjalla,
jakso puuttuu."""
sv = """
Klientrelationen inom barnskyddet är en egen period i uppföljningsregistret. Om den har börjat men datumen saknas i
handlingen så saknas perioden."""
en = """
The child-protection client relationship is an episode of its own in the follow-up register. If it has begun and the
document lacks its dates, the episode is missing."""

[guidance]
fi = "Tarkista, onko lastensuojelun asiakkuus alkanut. Pelkkä palvelutarpeen arviointi ei vielä aloita sitä."
sv = """
Kontrollera om klientrelationen inom barnskyddet har börjat. Enbart en bedömning av servicebehovet inleder den inte."""
en = """
Check whether the child-protection client relationship has begun. An assessment of needs alone does not begin it."""

[numerator]
fi = "niistä ne, joiden aikana henkilöllä ei ole lastensuojelun asiakkuutta missään asiakirjassa"
sv = "av dem de under vilka personen inte har någon klientrelation inom barnskyddet i någon handling"
en = "those of them that no child-protection dates of the person touch in any document"

[of]
fi = "jakson arkistoidut asiakkuusjaksot lastensuojelun palvelutehtävässä (ei täysi-ikäiset)"
sv = "periodens arkiverade klientrelationsperioder i serviceuppgiften barnskydd (inte fullvuxna)"
en = "archived episodes of the period in the service task child protection (grown-up clients left out)"
counts = "task_episode"

[basis]
fi = "Lastensuojelulaki 417/2007 27 §: lastensuojelun asiakkuus"
sv = "Barnskyddslag 417/2007 27 §: klientrelation inom barnskyddet"
en = "Child Welfare Act 417/2007, section 27: the child-protection client relationship"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "no-protection-dates"
*/
WITH task_episode AS (
    SELECT episode.*
    FROM archived_episode AS episode
    JOIN service_task USING (service_task)
    LEFT JOIN person_age USING (person_no)
    CROSS JOIN run
    WHERE episode.layer = 'service-task'
      AND service_task.key = 'child_protection'
      AND episode.leads
      AND episode.in_scope
      AND episode.possible_start <= run.period_end
      AND episode.possible_end >= run.period_start
      -- Grown-up clients of the task are in after-care, which is no child-protection relationship.
      AND coalesce(person_age.age_group = '0-17', true)
)
SELECT
    task_episode.documents[1] || ' ' || coalesce(task_episode.start_text, '') AS subject,
    task_episode.person_key,
    task_episode.service_task,
    NULL                                                                      AS municipality,
    task_episode.documents[1]                                                 AS document,
    NULL                                                                      AS place
FROM task_episode
ANTI JOIN archived_episode AS protection
    ON  protection.person_key = task_episode.person_key
    AND protection.organiser = task_episode.organiser
    AND protection.layer = 'child-protection'
    AND protection.possible_start <= task_episode.possible_end
    AND protection.possible_end >= task_episode.possible_start
