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
sql = "SELECT count(*) FROM protection_of_period"

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
SELECT
    protection.documents[1] || ' ' || coalesce(protection.start_text, '') AS subject,
    protection.person_key,
    protection.service_task,
    NULL                                                                  AS municipality,
    protection.documents[1]                                               AS document,
    '/asiakkuusasiakirja/lastensuojelun_asiakkuus'                        AS place
FROM protection_of_period AS protection
ANTI JOIN task_near_protection AS near
    ON  near.person_key = protection.person_key
    AND near.organiser = protection.organiser
    AND near.relationship_start = protection.possible_start
