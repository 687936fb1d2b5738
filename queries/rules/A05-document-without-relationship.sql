/*
code = "A05"
name = "document-without-relationship"
severity = "warning"
applies = ".."
consequences = ["G02", "S01", "S02", "S05"]
aliases = ["case-without-relationship"]

[title]
fi = "Asiakirja ilman asiakkuusasiakirjaa"
sv = "Handling utan klientrelationshandling"
en = "A document without a client-relationship document"

[why]
fi = """
Asia- tai asiakasasiakirja kertoo, että henkilö on asiakas, mutta arkistossa ei ole asiakkuusasiakirjaa, josta jakso
muodostuisi. Toimii ilman rekisteriäkin."""
sv = """
En ärende- eller klienthandling visar att personen är klient, men arkivet saknar en klientrelationshandling som kunde
bilda en period. Fungerar även utan register."""
en = """
A case or client document shows that the person is a client, but the archive has no client-relationship document to
make an episode. It works without any register."""

[guidance]
fi = "Arkistoi henkilön asiakkuusasiakirja. Yhteisen asian jokaisella asiakkaalla on oltava omansa."
sv = "Arkivera personens klientrelationshandling. Varje klient i ett gemensamt ärende ska ha sin egen."
en = "Archive the person's client-relationship document. Every client of a joint case needs one."

[numerator]
fi = "niistä ne, joiden henkilöllä ei ole voimassa olevaa asiakkuusasiakirjaa"
sv = "av dem de vars person saknar en gällande klientrelationshandling"
en = "those of them whose person has no current client-relationship document"

[of]
fi = "voimassa olevat asia- ja asiakasasiakirjat, kukin kerran asiakasta kohden (ei perheoikeudellisia palveluja)"
sv = "gällande ärende- och klienthandlingar, var och en en gång per klient (inte familjerättsliga tjänster)"
en = "current case and client documents, each once a client (family-law services left out)"
sql = '''
WITH work AS (
    SELECT current_document.oid, current_document.kind, document_client.person_key, document_client.municipality, document_client.pointer
    FROM current_document
    JOIN document_client USING (document_key)
    WHERE current_document.kind IN ('case', 'client') AND NOT coalesce(current_document.family_law, false)
)
SELECT count(*) FROM work'''

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
WITH work AS (
    SELECT current_document.oid, current_document.kind, document_client.person_key, document_client.municipality, document_client.pointer
    FROM current_document
    JOIN document_client USING (document_key)
    WHERE current_document.kind IN ('case', 'client') AND NOT coalesce(current_document.family_law, false)
)
SELECT
    work.oid          AS subject,
    work.person_key,
    NULL              AS service_task,
    work.municipality,
    work.oid          AS document,
    work.pointer      AS place
FROM work
ANTI JOIN current_relationship USING (person_key)
