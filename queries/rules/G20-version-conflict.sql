/*
code = "G20"
name = "version-conflict"
severity = "error"
applies = "2022-10-01.."
scope = "person"
consequences = ["A02"]

[title]
fi = "Saman version kaksi eri sisältöä antavat eri luokan"
sv = "Två innehåll med samma version ger olika klass"
en = "Two contents with one version number give different classes"

[why]
fi = "Kaksi asiakirjaa väittää olevansa sama versio. Rivin luokka riippuu siitä, kumpi on Kannassa voimassa."
sv = "Två handlingar uppger sig vara samma version. Radens klass beror på vilken av dem som gäller i Kanta."
en = "Two documents claim to be the same version. The row's class depends on which of them stands in Kanta."

[guidance]
fi = "Selvitä järjestelmätoimittajan kanssa, kumpi on Kannassa, ja poista toinen aineistosta."
sv = "Ta med systemleverantören reda på vilken som finns i Kanta och ta bort den andra ur materialet."
en = "Find out with the vendor which one stands in Kanta, and remove the other from the material."

[numerator]
fi = "niistä rivit, joilla on syy version-conflict"
sv = "av dem raderna med orsaken version-conflict"
en = "those of them that carry the reason version-conflict"

[of]
fi = "jakson luettelorivit, joita ei ole rajattu pois ja joiden päivät ja palvelutehtävä ovat kelvollisia"
sv = "periodens registerrader som inte är exkluderade och vars datum och serviceuppgift duger"
en = "register rows of the period that are not excluded and whose dates and service task are usable"
sql = '''
SELECT count(*)
FROM ledger
ANTI JOIN settled USING (source_id)'''

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
story = "version-conflict"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'version-conflict'
)
SELECT
    ledger.source_id    AS subject,
    ledger.person_key,
    ledger.service_task,
    ledger.municipality,
    ledger.documents[1] AS document,
    NULL                AS place
FROM ledger
SEMI JOIN told USING (source_id)
