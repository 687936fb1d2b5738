/*
code = "G16"
name = "excluded-organiser"
severity = "info"
applies = "2022-10-01.."
scope = "person"

[title]
fi = "Rivi on toisen palvelunjärjestäjän"
sv = "Raden hör till en annan tjänsteanordnare"
en = "The row belongs to another organiser"

[why]
fi = """
Vain asetuksessa organisers nimettyjen järjestäjien jaksot lasketaan. Muut rajataan pois, jotta toisen alueen jaksoja
ei toimiteta."""
sv = """
Bara perioder hos anordnarna i inställningen organisers räknas. Andra avgränsas så att ett annat områdes perioder inte
lämnas in."""
en = """
Only episodes of the organisers in the setting organisers count. Others are excluded, so that another county's
episodes are not delivered."""

[guidance]
fi = "Jos palvelunjärjestäjä kuuluu alueelle, lisää sen tunnus asetukseen organisers. Muuten poista rivi aineistosta."
sv = """
Om tjänsteanordnaren hör till området, lägg till dess OID i inställningen organisers. Ta annars bort raden ur materialet."""
en = """
If the organiser is the county's own, add its OID to the setting organisers. Otherwise remove the row from the data."""

[numerator]
fi = "niistä rivit, joilla on syy excluded-organiser"
sv = "av dem raderna med orsaken excluded-organiser"
en = "those of them that carry the reason excluded-organiser"

[of]
fi = "kaikki jakson luettelorivit"
sv = "periodens alla registerrader"
en = "all register rows of the period"
sql = "SELECT count(*) FROM ledger"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = "UPDATE register_episode SET organiser = '1.2.246.10.99999903.10.0' WHERE source_id = (SELECT min(source_id) FROM register_episode)"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'excluded-organiser'
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
