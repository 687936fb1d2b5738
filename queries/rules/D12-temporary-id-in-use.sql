/*
code = "D12"
name = "temporary-id-in-use"
severity = "warning"
applies = ".."
scope = "whole"

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
fi = """
Selvitä henkilötunnus ja kirjaa pari identities-tiedostoon, tai arkistoi asiakirjoista uudet versiot henkilötunnuksen
alla: kumpikin poistaa havainnon."""
sv = """
Ta reda på personbeteckningen och för in paret i filen identities, eller arkivera nya versioner under den: båda tar
bort iakttagelsen."""
en = """
Find out the henkilötunnus and put the pair into an identities file, or archive new versions under it: either clears
the finding."""

[numerator]
fi = "niistä ne, joiden ensimmäinen asiakirja tallennettiin yli $days päivää ennen vertailupäivää"
sv = "av dem de vars första handling lagrades mer än $days dagar före jämförelsedagen"
en = "those of them whose first document was stored more than $days days before the reference day"

[of]
fi = """
tilapäiset tunnukset, joilla henkilö ensisijaisesti on jakson voimassa olevassa asiakirjassa ja joita ei ole
yhdistetty henkilötunnukseen"""
sv = """
temporära identifierare som leder i någon av periodens gällande handlingar och inte är kopplade till en
personbeteckning"""
en = "temporary identifiers that lead in a current document of the period and are joined to no henkilötunnus"
sql = '''
WITH settled AS (
    -- Joined to a henkilötunnus by an identities row: the person is known.
    SELECT known.person_key
    FROM known_identity AS known
    JOIN identity_fact USING (identity_key)
    WHERE identity_fact.national
),
leader AS (
    SELECT
        document_client.identity_key,
        document_client.person_key,
        -- total: a document has one oid
        arg_max(current_document.oid, (current_document.stored_on, current_document.oid)) AS newest
    FROM document_of_period AS current_document
    JOIN document_client USING (document_key)
    JOIN identity_fact USING (identity_key)
    ANTI JOIN settled ON settled.person_key = document_client.person_key
    WHERE NOT identity_fact.national AND current_document.in_scope
    GROUP BY document_client.identity_key, document_client.person_key
),
temporary AS (
    -- In use since the first document of all: a new version is no new beginning.
    SELECT leader.identity_key, leader.person_key, leader.newest, min(present_document.stored_on) AS first_stored
    FROM leader
    JOIN document_person USING (identity_key)
    JOIN present_document USING (document_key)
    GROUP BY ALL
)
SELECT count(*) FROM temporary'''

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
seed = """
UPDATE person_identity SET root = '1.2.246.10.99999902.22.2025'
WHERE identity_key = (
    SELECT min(identity_key) FROM document_person SEMI JOIN register_episode USING (identity_key)
    ANTI JOIN register_identity USING (identity_key)
)"""
*/
WITH settled AS (
    -- Joined to a henkilötunnus by an identities row: the person is known.
    SELECT known.person_key
    FROM known_identity AS known
    JOIN identity_fact USING (identity_key)
    WHERE identity_fact.national
),
leader AS (
    SELECT
        document_client.identity_key,
        document_client.person_key,
        -- total: a document has one oid
        arg_max(current_document.oid, (current_document.stored_on, current_document.oid)) AS newest
    FROM document_of_period AS current_document
    JOIN document_client USING (document_key)
    JOIN identity_fact USING (identity_key)
    ANTI JOIN settled ON settled.person_key = document_client.person_key
    WHERE NOT identity_fact.national AND current_document.in_scope
    GROUP BY document_client.identity_key, document_client.person_key
),
temporary AS (
    -- In use since the first document of all: a new version is no new beginning.
    SELECT leader.identity_key, leader.person_key, leader.newest, min(present_document.stored_on) AS first_stored
    FROM leader
    JOIN document_person USING (identity_key)
    JOIN present_document USING (document_key)
    GROUP BY ALL
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
