/*
code = "G14"
name = "no-case-document"
severity = "warning"
applies = "2022-10-01.."
scope = "person"
follows_from = ["G01"]

[title]
fi = "Palvelutehtävän asia-asiakirja puuttuu"
sv = "Ärendehandlingen för serviceuppgiften saknas"
en = "No case document of the service task overlaps the episode"

[why]
fi = """
Erillistoimituksen välttäminen edellyttää, että myös asia-asiakirjat arkistoidaan. Ilman asiaa asiakasasiakirjat eivät
liity palvelutehtävään."""
sv = """
För att slippa den separata inlämningen ska även ärendehandlingarna arkiveras. Utan ärende hör klienthandlingarna inte
ihop med någon serviceuppgift."""
en = """
Avoiding the separate delivery requires that case documents are archived too. Without a case, client documents belong
to no service task."""

[guidance]
fi = "Arkistoi asia-asiakirja, jonka palvelutehtävä on sama kuin rivillä."
sv = "Arkivera en ärendehandling med samma serviceuppgift som raden."
en = "Archive a case document with the same service task as the row."

[numerator]
fi = "niistä rivit, joilla on syy no-case-document"
sv = "av dem raderna med orsaken no-case-document"
en = "those of them that carry the reason no-case-document"

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
story = "no-case"
*/
WITH lacking AS (
    SELECT ledger.*
    FROM ledger
    JOIN ledger_reason USING (source_id)
    WHERE ledger_reason.reason = 'no-case-document'
)
SELECT
    lacking.source_id    AS subject,
    lacking.person_key,
    lacking.service_task,
    lacking.municipality,
    lacking.documents[1] AS document,
    NULL                 AS place
FROM lacking
-- A child whose row of the task is told already lacks one case, not two.
ANTI JOIN lacking AS task
    ON  task.person_key = CASE WHEN lacking.layer = 'child-protection' THEN lacking.person_key END
    AND task.service_task = lacking.service_task
    AND task.layer = 'service-task'
