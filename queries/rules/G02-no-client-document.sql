/*
code = "G02"
name = "no-client-document"
severity = "error"
applies = "2022-10-01.."
scope = "person"
follows_from = ["G03", "G11", "G22"]
consequences = ["A05", "S01", "S05"]

[title]
fi = "Henkilöllä on asiakirjoja mutta ei asiakkuusasiakirjaa"
sv = "Personen har handlingar men ingen klientrelationshandling"
en = "The person has documents, but no client-relationship document"

[why]
fi = """
Vain asiakkuusasiakirja kertoo, milloin asiakkuus palvelutehtävässä alkoi ja päättyi. Ilman sitä muut asiakirjat eivät
muodosta asiakkuusjaksoa."""
sv = """
Bara klientrelationshandlingen anger när klientrelationen i en serviceuppgift började och slutade. Utan den bildar
andra handlingar ingen klientrelationsperiod."""
en = """
Only the client-relationship document says when a client relationship in a service task began and ended. Without it
other documents make no client episode."""

[guidance]
fi = """
Muodosta ja arkistoi asiakkuusasiakirja asiakastietojärjestelmässä. Jos niitä puuttuu monelta saman yksikön
asiakkaalta, tarkista, onko asiakkuusasiakirjojen arkistointi otettu yksikössä käyttöön."""
sv = """
Upprätta och arkivera klientrelationshandlingen i klientdatasystemet. Om den saknas för många klienter vid
samma enhet, kontrollera om enheten har börjat arkivera klientrelationshandlingar."""
en = """
Create the client-relationship document in the client information system and archive it. If many clients of one unit
lack it, check whether that unit has begun to archive client-relationship documents at all."""

[numerator]
fi = "niistä rivit, joilla on syy no-client-document"
sv = "av dem raderna med orsaken no-client-document"
en = "those of them that carry the reason no-client-document"

[of]
fi = "ratkaistavat rivit, joiden henkilöstä arkistossa on jokin asiakirja"
sv = "avgjorda rader vars person har någon handling i arkivet"
en = "rows decided by the archive whose person has any document"
sql = '''
SELECT count(*)
FROM explained
SEMI JOIN person_archive USING (person_key)'''

[basis]
fi = "THL:n seurantarekisteri: Kannasta puuttuvat asiakkuusjaksot toimitetaan erikseen; laki 703/2023 37–38 §"
sv = "THL:s uppföljningsregister: klientrelationsperioder som saknas i Kanta lämnas in separat; lag 703/2023 37–38 §"
en = """
THL follow-up register: client episodes that Kanta lacks are delivered separately; Act 703/2023, sections 37–38"""

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "only-case"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'no-client-document'
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
