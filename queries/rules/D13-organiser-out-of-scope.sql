/*
code = "D13"
name = "organiser-out-of-scope"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Asiakirjan palvelunjärjestäjä ei ole tämä hyvinvointialue"
sv = "Handlingens tjänsteanordnare är inte detta välfärdsområde"
en = "The document's organiser is not this county"

[why]
fi = """
Asiakirja on toisen palvelunjärjestäjän rekisterissä, joten sen jaksot eivät ole tämän hyvinvointialueen. Ostopalvelussa palvelunjärjestäjäksi
jää usein virheellisesti palveluntuottaja."""
sv = """
Handlingen finns i en annan tjänsteanordnares register, så dess perioder är inte detta välfärdsområdes. Vid köptjänst blir
tjänsteproducenten ofta felaktigt tjänsteanordnare."""
en = """
The document is in another organiser's register, so its episodes are not this county's. With purchased services the
producer is often named by mistake."""

[guidance]
fi = """
Tarkista palvelunjärjestäjä. Jos se on hyvinvointialueen oma, lisää tunnus asetukseen organisers; jos ei, arkistoi korjattu versio."""
sv = """
Kontrollera tjänsteanordnaren. Om den är välfärdsområdets egen, lägg till dess OID i inställningen organisers; om inte, arkivera en
rättad version."""
en = """
Check the organiser. If it is the county's own, add the OID to the setting organisers; if not, archive a corrected
version."""

[numerator]
fi = "niistä ne, joiden palvelunjärjestäjä ei kuulu hyvinvointialueeseen"
sv = "av dem de vars tjänsteanordnare inte hör till välfärdsområdet"
en = "those of them whose organiser is out of scope"

[of]
fi = "voimassa olevat asiakirjat, joissa on palvelunjärjestäjä (kun hyvinvointialueen palvelunjärjestäjät tiedetään)"
sv = "gällande handlingar med en tjänsteanordnare (när välfärdsområdets tjänsteanordnare är kända)"
en = "current documents that name an organiser (when the county's organisers are known)"
sql = '''
SELECT count(*)
FROM document_of_period AS current_document
WHERE organiser IS NOT NULL AND EXISTS (FROM scope_organiser)'''

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
fi = "hyvinvointialueen tiedonhallinta, asetuksessa organisers, tai järjestelmätoimittaja"
sv = "välfärdsområdets dataförvaltning, i inställningen organisers, eller systemleverantören"
en = "the county's data managers, in the setting organisers, or the system vendor"

[defect]
[[defect.xml]]
root = "merkinta_tapaamisesta_tai_yhteydenotosta"
find = 'outsourcingServiceCustomer root="1.2.246.10.99999901.10.0"'
put = 'outsourcingServiceCustomer root="1.2.246.10.99999903.10.0"'
*/
SELECT
    oid                                                           AS subject,
    NULL                                                          AS person_key,
    NULL                                                          AS service_task,
    NULL                                                          AS municipality,
    oid                                                           AS document,
    'ClinicalDocument/localSocialHeader/outsourcingServiceCustomer' AS place
FROM document_of_period AS current_document
WHERE organiser IS NOT NULL AND NOT in_scope AND EXISTS (FROM scope_organiser)
