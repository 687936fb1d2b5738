/*
code = "A04"
name = "protection-without-task"
severity = "warning"
applies = ".."
scope = "person"
consequences = ["A07", "G08", "S05"]

[title]
fi = "Lastensuojelun asiakkuus ilman lastensuojelun palvelutehtävää"
sv = "Klientrelation inom barnskyddet utan serviceuppgiften barnskydd"
en = "Child-protection dates without the service task child protection"

[why]
fi = """
Lastensuojelun asiakas on aina myös lastensuojelun palvelutehtävän asiakas. Kun lohko puuttuu, toinen kahdesta
jaksosta puuttuu."""
sv = """
En klient inom barnskyddet är alltid också klient i serviceuppgiften barnskydd. Utan blocket saknas den ena av två
perioder."""
en = """
A child-protection client is always a client of the service task too. Without the block, one of two episodes is
missing."""

[guidance]
fi = "Lisää asiakirjalle lastensuojelun palvelutehtävä yksikköineen ja arkistoi uusi versio."
sv = "Lägg till serviceuppgiften barnskydd med dess enheter i handlingen och arkivera en ny version."
en = "Add the service task child protection with its units to the document, and archive a new version."

[numerator]
fi = "niistä ne, joiden henkilöllä ei ole jaksoa lastensuojelun palvelutehtävässä"
sv = "av dem de vars person saknar period i serviceuppgiften barnskydd"
en = "those of them whose person has no archived episode in that service task at all"

[of]
fi = "jakson arkistoidut lastensuojelun asiakkuudet"
sv = "periodens arkiverade klientrelationer inom barnskyddet"
en = "archived child-protection episodes of the period"
sql = '''
WITH protection AS (
    SELECT episode.*
    FROM archived_episode AS episode
    CROSS JOIN run
    WHERE episode.layer = 'child-protection'
      AND episode.leads
      AND episode.in_scope
      AND episode.possible_start <= run.period_end
      AND episode.possible_end >= run.period_start
),
near AS (
    -- Episodes of the task by the same organiser that touch the relationship, or ended in the year before it.
    SELECT protection.person_key, protection.organiser, protection.possible_start AS relationship_start,
           episode.possible_start, episode.possible_end
    FROM protection
    JOIN archived_episode AS episode
        ON  episode.person_key = protection.person_key
        AND episode.organiser = protection.organiser
        AND episode.layer = 'service-task'
        AND episode.possible_start <= protection.possible_end
        AND episode.possible_end >= protection.possible_start - INTERVAL 1 YEAR
    JOIN service_task ON service_task.service_task = episode.service_task AND service_task.key = 'child_protection'
)
SELECT count(*) FROM protection'''

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
at = "/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava"
*/
WITH protection AS (
    SELECT episode.*
    FROM archived_episode AS episode
    CROSS JOIN run
    WHERE episode.layer = 'child-protection'
      AND episode.leads
      AND episode.in_scope
      AND episode.possible_start <= run.period_end
      AND episode.possible_end >= run.period_start
),
near AS (
    -- Episodes of the task by the same organiser that touch the relationship, or ended in the year before it.
    SELECT protection.person_key, protection.organiser, protection.possible_start AS relationship_start,
           episode.possible_start, episode.possible_end
    FROM protection
    JOIN archived_episode AS episode
        ON  episode.person_key = protection.person_key
        AND episode.organiser = protection.organiser
        AND episode.layer = 'service-task'
        AND episode.possible_start <= protection.possible_end
        AND episode.possible_end >= protection.possible_start - INTERVAL 1 YEAR
    JOIN service_task ON service_task.service_task = episode.service_task AND service_task.key = 'child_protection'
)
SELECT
    protection.documents[1] || ' ' || coalesce(protection.start_text, '') AS subject,
    protection.person_key,
    protection.service_task,
    NULL                                                                  AS municipality,
    protection.documents[1]                                               AS document,
    '/asiakkuusasiakirja/lastensuojelun_asiakkuus'                        AS place
FROM protection
ANTI JOIN near
    ON  near.person_key = protection.person_key
    AND near.organiser = protection.organiser
    AND near.relationship_start = protection.possible_start
