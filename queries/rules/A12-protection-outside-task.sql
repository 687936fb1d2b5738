/*
code = "A12"
name = "protection-outside-task"
severity = "warning"
applies = ".."
consequences = ["G10"]

[title]
fi = "Lastensuojelun asiakkuus eri aikaan kuin palvelutehtävän jakso"
sv = "Klientrelationen inom barnskyddet löper vid annan tid än serviceuppgiftens period"
en = "The child-protection episode has no episode of the service task beside it"

[why]
fi = """
Lastensuojelun asiakkuuden rinnalla on oltava samanaikainen jakso lastensuojelun palvelutehtävässä. Henkilöllä on
sellainen, mutta eri aikaan."""
sv = """
Vid sidan av klientrelationen inom barnskyddet ska det finnas en samtidig period i serviceuppgiften barnskydd.
Personen har en sådan, men vid en annan tid."""
en = """
Beside a child-protection episode there must be an episode of the service task at the same time. The person has one,
but at another time."""

[guidance]
fi = "Vertaa päiviä asiakirjalla ja korjaa virheelliset."
sv = "Jämför datumen i handlingen och rätta de felaktiga."
en = "Compare the dates of the document, and correct the wrong ones."

[numerator]
fi = "niistä ne, joiden kanssa mikään palvelutehtävän jakso ei ole samanaikainen"
sv = "av dem de som ingen period i serviceuppgiften är samtidig med"
en = "those of them that none of these episodes overlaps"

[of]
fi = "jakson lastensuojelun asiakkuudet, joiden henkilöllä on jakso lastensuojelun palvelutehtävässä"
sv = "periodens klientrelationer inom barnskyddet vars person har en period i serviceuppgiften barnskydd"
en = """
archived child-protection episodes of the period whose person has an episode in the service task child protection"""
sql = '''
WITH protection AS (
    SELECT episode.*
    FROM archived_episode AS episode
    CROSS JOIN run
    WHERE episode.layer = 'child-protection'
      AND episode.leads
      AND episode.possible_start <= run.period_end
      AND episode.possible_end >= run.period_start
),
task_episode AS (
    SELECT episode.*
    FROM archived_episode AS episode
    JOIN service_task USING (service_task)
    WHERE episode.layer = 'service-task' AND service_task.key = 'child_protection'
)
SELECT count(*)
FROM protection
SEMI JOIN task_episode USING (person_key)'''

[basis]
fi = "Lastensuojelulaki 417/2007 27 §: lastensuojelun asiakkuus"
sv = "Barnskyddslag 417/2007 27 §: klientrelation inom barnskyddet"
en = "Child Welfare Act 417/2007, section 27: the child-protection client relationship"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
person = "child"

[[defect.edit]]
at = "/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/0/palvelunjarjestajan_palveluyksikko/0"
value = { palveluyksikon_nimi = { code = "1.2.246.10.99999901.10.21" }, asiakkuuden_alkamispvm = "2024-08-20", asiakkuuden_paattymispvm = "2024-09-10" }
*/
WITH protection AS (
    SELECT episode.*
    FROM archived_episode AS episode
    CROSS JOIN run
    WHERE episode.layer = 'child-protection'
      AND episode.leads
      AND episode.possible_start <= run.period_end
      AND episode.possible_end >= run.period_start
),
task_episode AS (
    SELECT episode.*
    FROM archived_episode AS episode
    JOIN service_task USING (service_task)
    WHERE episode.layer = 'service-task' AND service_task.key = 'child_protection'
)
SELECT
    protection.documents[1] || ' ' || coalesce(protection.start_text, '') AS subject,
    protection.person_key,
    protection.service_task,
    NULL                                                                  AS municipality,
    protection.documents[1]                                               AS document,
    '/asiakkuusasiakirja/lastensuojelun_asiakkuus'                        AS place
FROM protection
SEMI JOIN task_episode USING (person_key)
ANTI JOIN task_episode AS beside
    ON  beside.person_key = protection.person_key
    AND beside.possible_start <= protection.possible_end
    AND beside.possible_end >= protection.possible_start
