/*
code = "D12"
name = "temporary-id-in-use"
severity = "warning"
applies = ".."
consequences = ["D03", "G04", "G14"]

[parameters.days]
default = 90
fi = "päiviä ensimmäisestä asiakirjasta vertailupäivään"
sv = "dagar från den första handlingen till jämförelsedagen"
en = "days from the first document to the reference day"

[title]
fi = "Tilapäinen tunnus on yhä käytössä"
sv = "En temporär identifierare används fortfarande"
en = "A temporary identifier is still in use"

[why]
fi = """
Tilapäinen tunnus on tarkoitettu lyhyeksi ajaksi. Niin kauan kuin asiakirjat ovat sen alla, samaa henkilöä ei voi
yhdistää muihin tietoihin."""
sv = """
En temporär identifierare är avsedd för en kort tid. Så länge handlingarna ligger under den kan samma person inte
kopplas till andra uppgifter."""
en = """
A temporary identifier is meant for a short time. As long as documents stand under it, the person cannot be joined to
other data."""

[guidance]
fi = "Selvitä henkilötunnus ja arkistoi asiakirjoista uudet versiot sen alla, tai lataa identities-tiedosto."
sv = "Ta reda på personbeteckningen och arkivera nya versioner under den, eller läs in filen identities."
en = "Find out the henkilötunnus and archive new versions under it, or load an identities file."

[numerator]
fi = "niistä ne, joiden ensimmäinen asiakirja tallennettiin yli $days päivää ennen vertailupäivää"
sv = "av dem de vars första handling lagrades mer än $days dagar före jämförelsedagen"
en = "those of them whose first document was stored more than $days days before the reference day"

[of]
fi = "tilapäiset tunnukset, joiden alla on voimassa olevia asiakirjoja"
sv = "temporära identifierare med gällande handlingar"
en = "temporary identifiers that lead in a current document"
sql = '''
SELECT count(DISTINCT document_client.identity_key)
FROM current_document
JOIN document_client USING (document_key)
JOIN identity_fact USING (identity_key)
WHERE NOT identity_fact.national'''

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
story = "temporary-id"
*/
WITH temporary AS (
    SELECT
        document_client.identity_key,
        document_client.person_key,
        min(current_document.stored_on)                                                       AS first_stored,
        arg_max(current_document.oid, (current_document.stored_on, current_document.oid))     AS newest
    FROM current_document
    JOIN document_client USING (document_key)
    JOIN identity_fact USING (identity_key)
    WHERE NOT identity_fact.national
    GROUP BY document_client.identity_key, document_client.person_key
)
SELECT
    temporary.newest     AS subject,
    temporary.person_key,
    NULL                 AS service_task,
    NULL                 AS municipality,
    temporary.newest     AS document,
    NULL                 AS place
FROM temporary
CROSS JOIN reference_day
WHERE temporary.first_stored + $days::INTEGER < reference_day.day
