/*
code = "A12"
name = "protection-outside-task"
severity = "warning"
applies = ".."
scope = "person"
consequences = ["G10", "S05"]

[title]
fi = "Lastensuojelun asiakkuus ulottuu palvelutehtävän jakson ulkopuolelle"
sv = "Klientrelationen inom barnskyddet sträcker sig utanför serviceuppgiftens period"
en = "The child-protection episode reaches outside the episode of the service task"

[why]
fi = """
Lastensuojelun asiakkuuden rinnalla on oltava samanaikainen jakso lastensuojelun palvelutehtävässä. Henkilöllä on
sellainen, mutta se ei kata kaikkia päiviä."""
sv = """
Vid sidan av klientrelationen inom barnskyddet ska det finnas en samtidig period i serviceuppgiften barnskydd.
Personen har en sådan, men den omfattar inte alla dagar."""
en = """
Beside a child-protection episode there must be an episode of the service task at the same time. The person has one,
but it does not hold all the days."""

[guidance]
fi = "Vertaa päiviä asiakirjalla ja korjaa virheelliset."
sv = "Jämför datumen i handlingen och rätta de felaktiga."
en = "Compare the dates of the document, and correct the wrong ones."

[numerator]
fi = "niistä ne, joiden jaksoon osuvista päivistä jokin jää palvelutehtävän jaksojen ulkopuolelle"
sv = "av dem de vars dagar i perioden inte alla ryms i en period i serviceuppgiften"
en = "those of them with a day of the period that no episode of the task holds"

[of]
fi = """
jakson lastensuojelun asiakkuudet, joiden henkilöllä on samalla palvelunjärjestäjällä jakso lastensuojelun palvelutehtävässä
asiakkuuden aikana tai sitä edeltäneenä vuonna"""
sv = """
periodens klientrelationer inom barnskyddet vars person hos samma tjänsteanordnare har en period i serviceuppgiften barnskydd
under klientrelationen eller året före den"""
en = """
archived child-protection episodes of the period whose person has, with the same organiser, an episode in the service
task child protection during it or in the year before it"""
sql = '''
SELECT count(*) FROM protection_of_period AS protection
SEMI JOIN task_near_protection AS near
    ON  near.person_key = protection.person_key
    AND near.organiser = protection.organiser
    AND near.relationship_start = protection.possible_start'''

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
WITH beside AS (
    SELECT protection.*
    FROM protection_of_period AS protection
    SEMI JOIN task_near_protection AS near
        ON  near.person_key = protection.person_key
        AND near.organiser = protection.organiser
        AND near.relationship_start = protection.possible_start
)
SELECT
    beside.documents[1] || ' ' || coalesce(beside.start_text, '') AS subject,
    beside.person_key,
    beside.service_task,
    NULL                                                          AS municipality,
    beside.documents[1]                                           AS document,
    '/asiakkuusasiakirja/lastensuojelun_asiakkuus'                AS place
FROM beside
CROSS JOIN run
-- Every day of the relationship inside the period is to lie in the task.
ANTI JOIN task_near_protection AS task
    ON  task.person_key = beside.person_key
    AND task.organiser = beside.organiser
    AND task.possible_start <= greatest(beside.certain_start, run.period_start)
    AND task.possible_end >= least(beside.certain_end, run.period_end)
