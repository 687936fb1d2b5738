/*
code = "D31"
name = "header-unclear"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Asiakirjan otsikko on tulkinnanvarainen"
sv = "Handlingens huvud går att tolka på flera sätt"
en = "The header of the document is unclear"

[why]
fi = """
Otsikon aika ei ole aika, siinä on kaksi localSocialHeader-osaa, rekisterityyppi on muu kuin asiakasrekisteri, tai
asiakirja sanoo korvaavansa toisen sarjan asiakirjan tai itsensä. Asiakirja luetaan silti, mutta tallennuspäivä,
palvelunjärjestäjä tai rekisteri voi olla väärä, ja korvatuksi tarkoitettu asiakirja on yhä voimassa."""
sv = """
En tid i huvudet är ingen tid, det finns två localSocialHeader, registertypen är en annan än klientregistret, eller
handlingen säger sig ersätta en handling i en annan serie eller sig själv. Handlingen läses ändå, men lagringsdagen,
tjänsteanordnaren eller registret kan vara fel, och den handling som skulle ersättas gäller fortfarande."""
en = """
A time of the header is no moment, there are two localSocialHeader, the type of register is not the client register,
or the document says that it replaces one of another set, or itself. The document is read all the same, but the day of
storing, the organiser or the register may be wrong, and what was meant to be replaced is still current."""

[guidance]
fi = "Katso poikkeamat komennolla kanta-gap trace ja korjauta otsikko lähettävässä järjestelmässä."
sv = "Se avvikelserna med kanta-gap trace och låt rätta huvudet i det sändande systemet."
en = "See what is odd with kanta-gap trace, and have the header mended in the sending system."

[numerator]
fi = "niistä ne, joiden otsikossa on jokin näistä"
sv = "av dem de vars huvud har något av detta"
en = "those of them whose header has one of these"

[of]
fi = "jakson voimassa olevat asiakirjat"
sv = "periodens gällande handlingar"
en = "current documents of the period"
sql = "SELECT count(*) FROM document_of_period"

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
[[defect.xml]]
root = "merkinta_tapaamisesta_tai_yhteydenotosta"
find = '<ep2:registryType code="1"'
put = '<ep2:registryType code="2"'
*/
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    'ClinicalDocument/localSocialHeader' AS place
FROM document_of_period
WHERE list_has_any(problems, ['unreadable-time', 'several-social-headers', 'other-registry', 'replaces-another-set'])
