/*
code = "D07"
name = "stored-late"
severity = "warning"
applies = ".."
scope = "whole"

[parameters.days]
default = 90
fi = "päiviä ensimmäisen jakson alusta tallentamiseen"
sv = "dagar från den första periodens början till lagringen"
en = "days from the start of the first period to the storing"

[title]
fi = "Asiakirja tallennettiin myöhään asiakkuuden alettua"
sv = "Handlingen lagrades långt efter att klientrelationen började"
en = "The document was stored long after the client relationship began"

[why]
fi = """
Viipymättä arkistoitu asiakkuus ehtii oman seurantajaksonsa tietoihin; myöhään arkistoitu on toimitettava erikseen."""
sv = """
En klientrelation som arkiveras utan dröjsmål hinner med i sin uppföljningsperiod; en som arkiveras sent måste
lämnas in separat."""
en = """
A client relationship archived without delay is in time for its follow-up period; one archived late must be delivered
separately."""

[guidance]
fi = """
Arkistoi asiakkuusasiakirja heti, kun asiakkuus alkaa. Jos viive on yksikön tapa, muuta yksikön toimintamallia."""
sv = """
Arkivera klientrelationshandlingen genast när klientrelationen börjar. Om dröjsmålet är enhetens vana, ändra enhetens
arbetssätt."""
en = """
Archive the client-relationship document as soon as the relationship begins. If the delay is a unit's habit, change
the way it works."""

[numerator]
fi = """
niistä ne, jotka tallennettiin yli $days päivää tehtävän ensimmäisen jakson alun jälkeen; ennen liittymistä alkaneet
lasketaan palvelunjärjestäjän ensimmäisestä asiakirjasta"""
sv = """
av dem de som lagrades mer än $days dagar efter att uppgiftens första period började; de som började före anslutningen
räknas från tjänsteanordnarens första handling"""
en = """
those of them stored more than $days days after the task's first period began; what began before the organiser joined
is counted from its first document"""

[of]
fi = """
jakson alusta lähtien tallennetut asiakkuusasiakirjan versiot, jotka ensimmäisinä nimeävät jakson loppuun mennessä
alkaneen palvelutehtävän tai lastensuojelun asiakkuuden (ei vanhat asiakkuudet)"""
sv = """
versioner av klientrelationshandlingar, lagrade sedan periodens början, som först anger en serviceuppgift eller en
klientrelation inom barnskyddet som börjat senast vid periodens slut (inte gamla klientrelationer)"""
en = """
versions of client-relationship documents, stored since the period began, that are the first to name a service task or
child-protection dates begun by its end (old relationships left out)"""
sql = '''
WITH joined AS (
    -- Nothing could be stored before the organiser joined: its first document tells when.
    SELECT match_organiser, min(stored_on) AS day
    FROM present_document
    GROUP BY match_organiser
),
named AS (
    -- Service tasks and child-protection relationships by the version that named them first. Periods of producers and of
    -- the first phase say nothing of when the relationship was known.
    SELECT
        document.set_id,
        period.layer,
        period.task_system,
        period.task_code,
        period.task_display,
        document.version,
        document.oid,
        document.stored_on,
        document.match_organiser,
        arg_min(period.pointer, (period.certain_start, period.pointer)) AS pointer,
        min(period.certain_start) AS first_day
    FROM present_document AS document
    JOIN covering_period AS period USING (document_key)
    WHERE period.role IN ('unit', 'child-protection') AND document.in_scope
      AND NOT coalesce(document.old_relationship, false)
    GROUP BY ALL
),
first_version AS (
    SELECT set_id, layer, task_system, task_code, task_display, min(version) AS version
    FROM named
    GROUP BY ALL
),
first_named AS (
    SELECT named.*
    FROM named
    JOIN first_version AS earliest
        ON  earliest.set_id = named.set_id
        AND earliest.layer = named.layer
        AND earliest.version = named.version
        AND earliest.task_system IS NOT DISTINCT FROM named.task_system
        AND earliest.task_code IS NOT DISTINCT FROM named.task_code
        AND earliest.task_display IS NOT DISTINCT FROM named.task_display
    CROSS JOIN run
    WHERE named.stored_on >= run.period_start AND named.first_day <= run.period_end
)
SELECT count(DISTINCT oid) FROM first_named'''

[basis]
fi = """
Laki 703/2023 21 §: asiakirja tallennetaan viipymättä, kun se on valmis; päivien määrä on tämän ohjelman oma"""
sv = "Lag 703/2023 21 §: en handling lagras utan dröjsmål när den är färdig; antalet dagar är programmets eget"
en = """
Act 703/2023, section 21: a document is stored without delay once complete; the number of days is this program's own"""

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "stored-late"
*/
WITH joined AS (
    -- Nothing could be stored before the organiser joined: its first document tells when.
    SELECT match_organiser, min(stored_on) AS day
    FROM present_document
    GROUP BY match_organiser
),
named AS (
    -- Service tasks and child-protection relationships by the version that named them first. Periods of producers and of
    -- the first phase say nothing of when the relationship was known.
    SELECT
        document.set_id,
        period.layer,
        period.task_system,
        period.task_code,
        period.task_display,
        document.version,
        document.oid,
        document.stored_on,
        document.match_organiser,
        arg_min(period.pointer, (period.certain_start, period.pointer)) AS pointer,
        min(period.certain_start) AS first_day
    FROM present_document AS document
    JOIN covering_period AS period USING (document_key)
    WHERE period.role IN ('unit', 'child-protection') AND document.in_scope
      AND NOT coalesce(document.old_relationship, false)
    GROUP BY ALL
),
first_version AS (
    SELECT set_id, layer, task_system, task_code, task_display, min(version) AS version
    FROM named
    GROUP BY ALL
),
first_named AS (
    SELECT named.*
    FROM named
    JOIN first_version AS earliest
        ON  earliest.set_id = named.set_id
        AND earliest.layer = named.layer
        AND earliest.version = named.version
        AND earliest.task_system IS NOT DISTINCT FROM named.task_system
        AND earliest.task_code IS NOT DISTINCT FROM named.task_code
        AND earliest.task_display IS NOT DISTINCT FROM named.task_display
    CROSS JOIN run
    WHERE named.stored_on >= run.period_start AND named.first_day <= run.period_end
)
SELECT
    first_named.oid  AS subject,
    NULL             AS person_key,
    NULL             AS service_task,
    NULL             AS municipality,
    first_named.oid  AS document,
    arg_min(first_named.pointer, (first_named.first_day, first_named.pointer)) AS place
FROM first_named
JOIN joined USING (match_organiser)
WHERE first_named.stored_on > greatest(first_named.first_day, joined.day) + $days::INTEGER
GROUP BY first_named.oid
