/*
code = "D13"
name = "organiser-out-of-scope"
severity = "warning"
applies = ".."

[title]
fi = "Asiakirjan palvelunjärjestäjä ei ole tämä hyvinvointialue"
sv = "Handlingens serviceanordnare är inte detta välfärdsområde"
en = "The document's organiser is not this county"

[why]
fi = """
Asiakirja on toisen järjestäjän rekisterissä, joten sen jaksot eivät ole tämän alueen. Ostopalvelussa järjestäjäksi
jää usein virheellisesti tuottaja."""
sv = """
Handlingen finns i en annan anordnares register, så dess perioder är inte detta områdes. Vid köptjänst blir
producenten ofta felaktigt anordnare."""
en = """
The document is in another organiser's register, so its episodes are not this county's. With purchased services the
producer is often named by mistake."""

[guidance]
fi = """
Tarkista järjestäjä. Jos se on alueen oma, lisää tunnus asetukseen organisers; jos ei, arkistoi korjattu versio."""
sv = """
Kontrollera anordnaren. Om den är områdets egen, lägg till dess OID i inställningen organisers; om inte, arkivera en
rättad version."""
en = """
Check the organiser. If it is the county's own, add the OID to the setting organisers; if not, archive a corrected
version."""

[numerator]
fi = "niistä ne, joiden järjestäjä ei kuulu alueeseen"
sv = "av dem de vars anordnare inte hör till området"
en = "those of them whose organiser is out of scope"

[of]
fi = "voimassa olevat asiakirjat, joissa on palvelunjärjestäjä (kun alueen järjestäjät tiedetään)"
sv = "gällande handlingar med en serviceanordnare (när områdets anordnare är kända)"
en = "current documents that name an organiser (when the county's organisers are known)"
sql = '''
SELECT count(*)
FROM current_document
WHERE organiser IS NOT NULL AND EXISTS (FROM scope_organiser)'''

[basis]
fi = """
Laki 703/2023 37–38 §: asiakirjassa on palvelutehtävä, palvelunjärjestäjä, henkilön tunniste sekä asiakkuuden alku ja
loppu"""
sv = """
Lag 703/2023 37–38 §: en handling anger serviceuppgift, serviceanordnare, personens identifierare och
klientrelationens början och slut"""
en = """
Act 703/2023, sections 37–38: a document states service task, organiser, the person's identifier, and start and end of
the client relationship"""

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientinformationssystemet"
en = "the service unit, in the client information system"

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
FROM current_document
WHERE organiser IS NOT NULL AND NOT in_scope AND EXISTS (FROM scope_organiser)
