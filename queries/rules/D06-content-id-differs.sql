/*
code = "D06"
name = "content-id-differs"
severity = "error"
applies = ".."
scope = "person"

[title]
fi = "Otsikon ja sisällön henkilötunnus eroavat"
sv = "Personbeteckningen i huvudet och innehållet skiljer sig"
en = "The henkilötunnus of header and content differ"

[why]
fi = """
Asiakirja saattaa olla arkistoitu väärän henkilön tietoihin. Otsikon tunnus ratkaisee, joten toisen jakso jää
puuttumaan."""
sv = "Handlingen kan vara arkiverad på fel person. Beteckningen i huvudet gäller, så den andras period saknas."
en = """
The document may be archived under the wrong person. The header's identifier counts, so the other person's episode is
missing."""

[guidance]
fi = """
Selvitä heti, kenen asiakirja on: kyse voi olla tietoturvaloukkauksesta. Mitätöi virheellinen ja arkistoi oikea. Jos
henkilötunnus on vaihtunut, lisää pari tunnistetiedostoon (identities.csv) tai arkistoi uusi versio, jossa molemmat ovat samat."""
sv = """
Ta genast reda på vems handlingen är: det kan vara en personuppgiftsincident. Makulera den felaktiga och arkivera
den rätta. Om personbeteckningen har ändrats, lägg till paret i identitetsfilen (identities.csv) eller arkivera en ny version där båda är
lika."""
en = """
Find out at once whose document it is: this may be a personal data breach. Void the wrong one, and archive the right
one. Where a henkilötunnus was changed, add the pair to the identities file, or archive a new version in which both are the
same."""

[numerator]
fi = """
niistä ne, joiden sisältö nimeää otsikon asiakkaan kohdalla toisen henkilötunnuksen (myös yhteisen asian
asiakkaista), eikä tunnistetiedosto (identities.csv) yhdistä niitä"""
sv = """
av dem de vars innehåll anger en annan personbeteckning för huvudets klient (även bland klienterna i ett gemensamt
ärende) utan att identitetsfilen (identities.csv) förenar dem"""
en = """
those of them whose content names another henkilötunnus in the place of a client of the header (of a joint case
too), and that no identities row joins"""

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
at = "/asiakkuusasiakirja/asiakas/henkilotunnus/value"
value = "010190-900P"
*/
WITH other AS (
    -- Each henkilötunnus of the content: in place of the header's, or of a client whom the header does not have.
    SELECT document_key, identity_key FROM content_identity
    UNION
    SELECT person.document_key, person.identity_key
    FROM document_person AS person
    JOIN identity_fact USING (identity_key)
    WHERE person.origin = 'content' AND identity_fact.national
),
of_header AS (
    SELECT DISTINCT person.document_key, known.person_key
    FROM document_person AS person
    JOIN known_identity AS known USING (identity_key)
    WHERE person.origin = 'header'
),
stranger AS (
    SELECT other.document_key
    FROM other
    LEFT JOIN known_identity AS known USING (identity_key)
    ANTI JOIN of_header ON of_header.document_key = other.document_key AND of_header.person_key = known.person_key
),
settled AS (
    -- Everybody whom the content names is a person of the header, by the identities file.
    SELECT document_key FROM other ANTI JOIN stranger USING (document_key)
)
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    '/' || json_root || '/asiakas' AS place
FROM document_of_period AS current_document
ANTI JOIN settled USING (document_key)
WHERE list_contains(problems, 'content-id-differs')
