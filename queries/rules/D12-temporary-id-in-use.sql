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
Selvitä henkilötunnus ja kirjaa pari tunnistetiedostoon (identities.csv), tai arkistoi asiakirjoista uudet versiot henkilötunnuksen
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
sql = "SELECT count(*) FROM temporary_in_use"

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
SELECT
    temporary.newest     AS subject,
    temporary.person_key,
    NULL                 AS service_task,
    NULL                 AS municipality,
    temporary.newest     AS document,
    NULL                 AS place
FROM temporary_in_use AS temporary
CROSS JOIN reference_day
WHERE temporary.first_stored + $days::INTEGER < reference_day.day
