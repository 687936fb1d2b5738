/*
code = "G15"
name = "excluded-family-law"
severity = "info"
applies = "2022-10-01.."
scope = "person"

[title]
fi = "Perheoikeudellisia palveluja ei kerätä ensimmäisessä vaiheessa"
sv = "Familjerättsliga tjänster samlas inte in i första fasen"
en = "Family law is not collected in the first phase"

[why]
fi = """
Rivi on rajattu pois, koska perheoikeudelliset palvelut eivät kuulu seurantarekisterin ensimmäiseen vaiheeseen."""
sv = "Raden är exkluderad eftersom familjerättsliga tjänster inte ingår i uppföljningsregistrets första fas."
en = "The row is excluded because family-law services are not part of the follow-up register's first phase."

[guidance]
fi = "Ei toimenpiteitä. Tarkista vain, että palvelutehtävä on merkitty oikein."
sv = "Inga åtgärder. Kontrollera bara att serviceuppgiften är rätt angiven."
en = "Nothing to do, but check that the service task is right."

[numerator]
fi = "niistä rivit, joilla on syy excluded-family-law"
sv = "av dem raderna med orsaken excluded-family-law"
en = "those of them that carry the reason excluded-family-law"

[of]
fi = "kaikki jakson luettelorivit"
sv = "periodens alla registerrader"
en = "all register rows of the period"
sql = "SELECT count(*) FROM ledger"

[basis]
fi = "THL:n seurantarekisteri: Kannasta puuttuvat asiakkuusjaksot toimitetaan erikseen; laki 703/2023 37–38 §"
sv = "THL:s uppföljningsregister: klientrelationsperioder som saknas i Kanta lämnas in separat; lag 703/2023 37–38 §"
en = """
THL follow-up register: client episodes that Kanta lacks are delivered separately; Act 703/2023, sections 37–38"""

[fixed_by]
fi = "ei kukaan: rivi ei kuulu erillistoimitukseen"
sv = "ingen: raden hör inte till den separata inlämningen"
en = "nobody: the row is not part of the separate delivery"

[defect]
story = "family-law"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'excluded-family-law'
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
