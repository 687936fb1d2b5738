/*
code = "D07"
name = "stored-late"
severity = "warning"
applies = ".."

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
fi = "niistä ne, jotka tallennettiin yli $days päivää ensimmäisen jakson alun jälkeen"
sv = "av dem de som lagrades mer än $days dagar efter att den första perioden började"
en = "those of them stored more than $days days after their first period began"

[of]
fi = "asiakkuusasiakirjojen ensimmäiset versiot, joissa on päivätty jakso (ei vanhat asiakkuudet)"
sv = "första versioner av klientrelationshandlingar med en daterad period (inte gamla klientrelationer)"
en = "first versions of client-relationship documents with a dated period (old relationships left out)"
sql = '''
SELECT count(*)
FROM present_document AS document
SEMI JOIN covering_period USING (document_key)
WHERE document.version = 1
  AND NOT coalesce(document.old_relationship, false)'''

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
WITH begun AS (
    SELECT document_key, arg_min(pointer, (possible_start, pointer)) AS pointer, min(certain_start) AS first_day
    FROM covering_period
    GROUP BY document_key
)
SELECT
    document.oid  AS subject,
    NULL          AS person_key,
    NULL          AS service_task,
    NULL          AS municipality,
    document.oid  AS document,
    begun.pointer AS place
FROM present_document AS document
JOIN begun USING (document_key)
WHERE document.version = 1
  AND NOT coalesce(document.old_relationship, false)
  AND document.stored_on > begun.first_day + $days::INTEGER
