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
fi = "Otsikon syntymäaika ratkaisee. Ero voi kertoa väärästä henkilöstä tai kirjoitusvirheestä."
sv = "Födelsetiden i huvudet gäller. Skillnaden kan tyda på fel person eller ett skrivfel."
en = "The header's birth date counts. A difference may mean the wrong person, or a slip."

[guidance]
fi = "Tarkista, kumpi päivä on oikea, ja arkistoi uusi versio, jossa ne ovat samat."
sv = "Kontrollera vilket datum som är rätt och arkivera en ny version där de är lika."
en = "Check which date is right, and archive a new version in which they are the same."

[numerator]
fi = "niistä ne, joiden kaksi syntymäaikaa eroavat eikä asiakkaalla ole tilapäistä tunnusta, jota sisällön päivä voisi seurata"
sv = "av dem de vars två födelsetider skiljer sig utan att klienten har en temporär identifierare som innehållets datum kan följa"
en = "those of them whose two birth dates differ, and whose client has no temporary identifier that the content's may follow"

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
WITH explained AS (
    -- Whoever has a temporary identifier beside the henkilötunnus has two birth dates: the content often follows the former.
    SELECT document_person.document_key
    FROM document_person
    JOIN identity_fact USING (identity_key)
    GROUP BY document_person.document_key, document_person.slot
    HAVING bool_or(identity_fact.national) AND NOT bool_and(identity_fact.national)
)
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    '/' || json_root || '/asiakas' AS place
FROM document_of_period AS current_document
ANTI JOIN explained USING (document_key)
WHERE list_contains(problems, 'birth-date-differs')
