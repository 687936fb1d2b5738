/*
code = "D14"
name = "organiser-missing"
severity = "error"
applies = ".."
scope = "person"

[title]
fi = "Asiakirjassa ei ole palvelunjärjestäjää"
sv = "Handlingen saknar tjänsteanordnare"
en = "The document names no organiser"

[why]
fi = "Asiakirja ilman palvelunjärjestäjää ja rekisterinpitäjää ei ole kenenkään, joten se ei kata yhtään jaksoa."
sv = "En handling utan tjänsteanordnare och personuppgiftsansvarig är ingens, så den täcker ingen period."
en = "A document without organiser and controller is nobody's, so it covers no episode."

[guidance]
fi = "Lisää otsikkoon outsourcingServiceCustomer ja arkistoi uusi versio."
sv = "Lägg till outsourcingServiceCustomer i huvudet och arkivera en ny version."
en = "Put outsourcingServiceCustomer into the header, and archive a new version."

[numerator]
fi = "niistä ne, joissa palvelunjärjestäjää ei ole missään"
sv = "av dem de som inte anger någon tjänsteanordnare"
en = "those of them that name none anywhere"

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
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
[[defect.xml]]
root = "merkinta_tapaamisesta_tai_yhteydenotosta"
find = '<ep2:outsourcingServiceCustomer root="1.2.246.10.99999901.10.0"/>'
put = ""

[[defect.xml]]
root = "merkinta_tapaamisesta_tai_yhteydenotosta"
find = '<representedCustodianOrganization><id root="1.2.246.10.99999901.10.0"/>'
put = "<representedCustodianOrganization>"
*/
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    'ClinicalDocument/localSocialHeader/outsourcingServiceCustomer' AS place
FROM document_of_period AS current_document
WHERE list_contains(problems, 'missing-organiser')
