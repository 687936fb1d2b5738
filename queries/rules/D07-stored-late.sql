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
sql = "SELECT count(DISTINCT oid) FROM task_first_named"

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
)
SELECT
    first_named.oid  AS subject,
    NULL             AS person_key,
    NULL             AS service_task,
    NULL             AS municipality,
    first_named.oid  AS document,
    arg_min(first_named.pointer, (first_named.first_day, first_named.pointer)) AS place
FROM task_first_named AS first_named
JOIN joined USING (match_organiser)
WHERE first_named.stored_on > greatest(first_named.first_day, joined.day) + $days::INTEGER
GROUP BY first_named.oid
