/*
code = "G11"
name = "after-as-of"
severity = "warning"
applies = "2022-10-01.."
scope = "person"
consequences = ["A05", "G02", "S01", "S05"]

[title]
fi = "Kattava asiakirja tallennettiin vasta katsontapäivän jälkeen"
sv = "Den täckande handlingen lagrades först efter granskningsdagen"
en = "The covering document was stored only after the as-of date"

[why]
fi = """
Jakson tilanne lasketaan sen mukaan, mitä arkistossa oli katsontapäivänä. Myöhemmin tallennettu asiakirja ei ehtinyt
mukaan."""
sv = """
Läget beräknas enligt vad arkivet innehöll på granskningsdagen. En handling som lagrats senare hann inte med."""
en = """
What counts is what stood in the archive on the as-of date. A document stored later came too late for it."""

[guidance]
fi = """
Toimita jakso erikseen tältä seurantajaksolta; seuraavalla jaksolla se on jo arkistossa. Nopeuta arkistointia."""
sv = """
Lämna in perioden separat för denna uppföljningsperiod; nästa gång finns den i arkivet. Arkivera snabbare."""
en = """
Deliver the episode separately for this follow-up period; by the next one the archive holds it. Archive sooner."""

[numerator]
fi = "niistä rivit, joilla on syy after-as-of"
sv = "av dem raderna med orsaken after-as-of"
en = "those of them that carry the reason after-as-of"

[of]
fi = "ratkaistavat rivit, kun katsontapäivä on annettu (--as-of)"
sv = "avgjorda rader när en granskningsdag är angiven (--as-of)"
en = "rows decided by the archive, when an as-of date was given (--as-of)"
sql = '''
SELECT count(*)
FROM explained
CROSS JOIN run
WHERE run.as_of IS NOT NULL'''

[basis]
fi = """
Laki 703/2023 21 §: asiakirja tallennetaan viipymättä, kun se on valmis; päivien määrä on tämän ohjelman oma"""
sv = "Lag 703/2023 21 §: en handling lagras utan dröjsmål när den är färdig; antalet dagar är programmets eget"
en = """
Act 703/2023, section 21: a document is stored without delay once complete; the number of days is this program's own"""

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
as_of = "2025-03-27"
seed = '''
UPDATE frame SET created_at = TIMESTAMP '2025-03-28 08:00:00'
WHERE oid = (SELECT min(oid) FROM document WHERE kind = 'client-relationship');
UPDATE document SET created_at = TIMESTAMP '2025-03-28 08:00:00'
WHERE oid = (SELECT min(oid) FROM document WHERE kind = 'client-relationship')'''
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'after-as-of'
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
