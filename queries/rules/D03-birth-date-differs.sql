/*
code = "D03"
name = "birth-date-differs"
severity = "info"
applies = ".."
scope = "person"

[title]
fi = "Otsikon ja sisällön syntymäaika eroavat"
sv = "Födelsetiden i huvudet och innehållet skiljer sig"
en = "Birth dates of header and content differ"

[why]
fi = """
Otsikon syntymäaika ratkaisee. Ero johtuu usein siitä, että sisällön päivä seuraa tilapäistä tunnusta, mutta se voi
myös kertoa väärästä henkilöstä."""
sv = """
Födelsetiden i huvudet gäller. Skillnaden beror ofta på att innehållets datum följer en temporär identifierare, men
den kan också tyda på fel person."""
en = """
The header's birth date counts. The difference often comes from a temporary identifier, whose date the content
follows, but it may also mean the wrong person."""

[guidance]
fi = "Tarkista, kumpaa tunnusta sisällön päivä seuraa."
sv = "Kontrollera vilken identifierare datumet i innehållet följer."
en = "Check which identifier the content's date follows."

[numerator]
fi = "niistä ne, joiden kaksi syntymäaikaa eroavat"
sv = "av dem de vars två födelsetider skiljer sig"
en = "those of them whose two birth dates differ"

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
[[defect.edit]]
at = "/asiakkuusasiakirja/asiakas/syntymaaika"
value = "1931-01-31"
*/
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    '/' || json_root || '/asiakas' AS place
FROM document_of_period AS current_document
WHERE list_contains(problems, 'birth-date-differs')
