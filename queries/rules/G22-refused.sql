/*
code = "G22"
name = "refused"
severity = "error"
applies = "2022-10-01.."
scope = "person"
consequences = ["A05", "G02", "S01", "S05"]

[title]
fi = "Arkisto hylkäsi jakson asiakkuusasiakirjan"
sv = "Arkivet avvisade periodens klientrelationshandling"
en = "The archive refused the client-relationship document of the episode"

[why]
fi = """
Lähetetty asiakirja ei ole vielä arkistoitu: arkisto vastaa jokaiseen sanomaan. Uusin lähetys, johon se vastasi,
hylättiin, joten asiakirja ei ole Kannassa eikä muodosta jaksoa. Aiempi hyväksytty versio jää voimaan."""
sv = """
En sänd handling är ännu inte arkiverad: arkivet svarar på varje meddelande. Den senaste sändningen som det svarade
på avvisades, så handlingen finns inte i Kanta och bildar ingen period. En tidigare godtagen version gäller
fortfarande."""
en = """
A document that was sent is not yet archived: the archive answers every message. The newest sending that it answered
was refused, so the document is not in Kanta and makes no episode. An earlier version that was accepted stands."""

[guidance]
fi = """
Katso koodi ja selitys komennolla kanta-gap trace. AE tai CE: sanomassa on virhe; järjestelmätoimittaja ja
palveluyksikkö korjaavat asiakirjan ja lähettävät sen uudelleen. AR tai CR: syy ei ole sisällössä; lähettäjä päättää,
lähetetäänkö se uudelleen. Toimita jakso siihen asti erikseen."""
sv = """
Se koden och förklaringen med kanta-gap trace. AE eller CE: meddelandet har ett fel; systemleverantören och
serviceenheten rättar handlingen och sänder den på nytt. AR eller CR: orsaken ligger inte i innehållet; avsändaren
avgör om den sänds på nytt. Lämna in perioden separat tills dess."""
en = """
See the code and its explanation with kanta-gap trace. AE or CE: the message has an error; the system vendor and the
service unit mend the document and send it again. AR or CR: the reason is not in the content; the sender decides
whether to send it again. Deliver the episode separately until then."""

[numerator]
fi = "niistä rivit, joilla on syy refused"
sv = "av dem raderna med orsaken refused"
en = "those of them that carry the reason refused"

[of]
fi = "jakson luettelorivit, jotka arkisto ratkaisee: arkistoitu, osittain arkistoitu tai puuttuva"
sv = "periodens registerrader som arkivet avgör: arkiverade, delvis arkiverade eller saknade"
en = "register rows of the period that the archive decides: archived, partial or missing"
sql = "SELECT count(*) FROM explained"

[basis]
fi = "HL7 V3: sovellustason kuittaus (MCCI); Kannan sanomaliikenteen yleinen ohje"
sv = "HL7 V3: kvittering på applikationsnivå (MCCI); Kantas allmänna anvisning om meddelandetrafik"
en = "HL7 V3: application acknowledgement (MCCI); Kanta's general guide to messaging"

[fixed_by]
fi = "AE, CE: järjestelmätoimittaja ja palveluyksikkö; AR, CR: lähettäjä päättää uudesta lähetyksestä"
sv = "AE, CE: systemleverantören och serviceenheten; AR, CR: avsändaren avgör om en ny sändning"
en = "AE, CE: the system vendor and the service unit; AR, CR: the sender decides on sending again"

[defect]
story = "refused-by-archive"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'refused'
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
