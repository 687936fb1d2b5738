/*
code = "D04"
name = "person-without-identifier"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Asiakkaalla ei ole mitään tunnistetta"
sv = "Klienten saknar identifierare"
en = "A client has no identifier at all"

[why]
fi = "Asiakirja ilman tunnistetta on laillinen, mutta sitä ei voi yhdistää kenenkään jaksoon."
sv = "En handling utan identifierare är laglig men kan inte kopplas till någons period."
en = "A document without an identifier is lawful, but it cannot be matched with anybody's episode."

[guidance]
fi = "Lisää henkilötunnus tai tilapäinen yksilöintitunnus ja arkistoi uusi versio."
sv = "Lägg till personbeteckning eller temporär identifierare och arkivera en ny version."
en = "Enter the henkilötunnus or a temporary identifier, and archive a new version."

[numerator]
fi = "niistä ne, joiden asiakkaalla ei ole tunnistetta"
sv = "av dem de vars klient saknar identifierare"
en = "those of them with a client without an identifier"

[of]
fi = "jakson voimassa olevat asiakirjat"
sv = "periodens gällande handlingar"
en = "current documents of the period"
sql = "SELECT count(*) FROM document_of_period AS current_document"

[basis]
fi = """
Laki 703/2023 37–38 §: asiakirjassa on palvelutehtävä, palvelunjärjestäjä, henkilön tunniste sekä asiakkuuden alku ja
loppu"""
sv = """
Lag 703/2023 37–38 §: en handling anger serviceuppgift, tjänsteanordnare, personens identifierare och
klientrelationens början och slut"""
en = """
Act 703/2023, sections 37–38: a document states service task, organiser, the person's identifier, and start and end of
the client relationship"""

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
[[defect.xml]]
root = "merkinta_tapaamisesta_tai_yhteydenotosta"
find = '<id root="1.2.246.21" extension="{henkilotunnus}"/>'
put = '<id nullFlavor="NA"/>'

[[defect.edit]]
at = "/merkinta_tapaamisesta_tai_yhteydenotosta/asiakas/0/henkilotunnus"
*/
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    '/' || json_root || '/asiakas' AS place
FROM document_of_period AS current_document
WHERE list_contains(problems, 'person-without-identifier')
