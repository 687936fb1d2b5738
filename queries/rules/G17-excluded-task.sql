/*
code = "G17"
name = "excluded-task"
severity = "info"
applies = "2022-10-01.."
scope = "person"

[title]
fi = "Palvelutehtävä on merkitty seurantarekisterin ulkopuolelle"
sv = "Serviceuppgiften är märkt som utanför uppföljningsregistret"
en = "The service task is marked as outside the register"

[why]
fi = """
Koodistotiedoston merkintä in_register = no rajaa palvelutehtävän kaikki rivit pois, joten merkinnän on oltava
tarkoitettu."""
sv = """
Märkningen in_register = no i kodfilen avgränsar alla rader för serviceuppgiften, så den måste vara avsedd."""
en = """
The mark in_register = no in the codes file excludes every row of the service task, so it had better be meant."""

[guidance]
fi = "Tarkista merkintä koodistotiedostosta."
sv = "Kontrollera märkningen i kodfilen."
en = "Check the mark in the codes file."

[numerator]
fi = "niistä rivit, joilla on syy excluded-task"
sv = "av dem raderna med orsaken excluded-task"
en = "those of them that carry the reason excluded-task"

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
fi = "hyvinvointialueen tiedonhallinta, koodistotiedostossa (codes)"
sv = "välfärdsområdets dataförvaltning, i kodfilen (codes)"
en = "the county's data managers, in the codes file"

[defect]
seed = "INSERT INTO register_code BY NAME SELECT '15' AS code, 'substance' AS key, false AS in_register"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'excluded-task'
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
