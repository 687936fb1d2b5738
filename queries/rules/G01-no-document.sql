/*
code = "G01"
name = "no-document"
severity = "error"
applies = "2022-10-01.."
scope = "person"
follows_from = ["R04"]
consequences = ["G14", "R06"]

[title]
fi = "Henkilöstä ei ole arkistossa yhtään luettavaa asiakirjaa"
sv = "Det finns ingen läsbar handling om personen i arkivet"
en = "The archive holds no readable document of the person"

[why]
fi = """
Oma asiakkuusluettelo tuntee asiakkuuden, mutta Kanta ei tunne henkilöä lainkaan, joten jakso puuttuu seurantarekisteristä, ellei
sitä toimiteta erikseen."""
sv = """
Det egna registret känner till klientrelationen men Kanta känner inte alls till personen, så perioden saknas i
uppföljningsregistret om den inte lämnas in separat."""
en = """
The register knows the client relationship, but Kanta does not know the person at all, so the follow-up register lacks
the episode unless it is delivered separately."""

[guidance]
fi = """
Arkistoi henkilön asiakkuusasiakirja ja asia-asiakirja. Tarkista ensin, onko henkilö arkistossa toisella tunnuksella:
silloin lataa tunnistetiedosto (identities.csv). Toimita jakso erikseen, kunnes asiakirja on arkistossa."""
sv = """
Arkivera personens klientrelationshandling och ärendehandling. Kontrollera först om personen finns i arkivet under en
annan identifierare: läs i så fall in filen identities. Lämna in perioden separat tills handlingen är arkiverad."""
en = """
Archive the person's client-relationship and case documents. First check whether the archive knows the person by
another identifier: then load an identities file. Deliver the episode separately until the document is archived."""

[numerator]
fi = "niistä rivit, joilla on syy no-document"
sv = "av dem raderna med orsaken no-document"
en = "those of them that carry the reason no-document"

[of]
fi = "jakson luettelorivit, jotka arkisto ratkaisee: arkistoitu, osittain arkistoitu tai puuttuva"
sv = "periodens registerrader som arkivet avgör: arkiverade, delvis arkiverade eller saknade"
en = "register rows of the period that the archive decides: archived, partial or missing"
sql = "SELECT count(*) FROM explained"

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
story = "no-document"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'no-document'
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
