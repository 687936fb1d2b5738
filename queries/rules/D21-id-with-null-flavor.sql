/*
code = "D21"
name = "id-with-null-flavor"
severity = "info"
applies = ".."
scope = "whole"

[title]
fi = "Otsikon tunnus on merkitty puuttuvaksi, vaikka se on"
sv = "Ett id i huvudet är märkt som saknat fast det finns"
en = "An id of the header is marked as absent, though it is there"

[why]
fi = """
Merkintä nullFlavor ja tunnus yhdessä ovat ristiriita. Tunnusta käytetään, mutta toinen järjestelmä voi hylätä
asiakirjan."""
sv = """
Märkningen nullFlavor tillsammans med ett id är en motsägelse. Id:t används, men ett annat system kan förkasta
handlingen."""
en = """
The mark nullFlavor together with an id is a contradiction. The id is used, but another system may refuse the
document."""

[guidance]
fi = "Korjauta otsikon id lähettävässä järjestelmässä."
sv = "Låt rätta huvudets id i det sändande systemet."
en = "Have the header's id mended in the sending system."

[numerator]
fi = "niistä ne, joissa jollakin asiakirjalla on myös nullFlavor; ensimmäinen niistä mainitaan"
sv = "av dem de som i någon handling också har nullFlavor; den första av handlingarna nämns"
en = "those of them that also have a nullFlavor in some document; the first one is named"

[of]
fi = "jakson voimassa olevien asiakirjojen otsikon tunnuslajit (kuusi)"
sv = "slag av id i huvudet på periodens gällande handlingar (sex)"
en = "kinds of ids in the headers of current documents of the period (six)"
sql = "SELECT CASE WHEN count(*) > 0 THEN 6 ELSE 0 END FROM document_of_period"

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
[[defect.xml]]
root = "merkinta_tapaamisesta_tai_yhteydenotosta"
find = '<id root="{oid}"/>'
put = '<id root="{oid}" nullFlavor="NA"/>'
*/
WITH kind (problem, place) AS (
    VALUES
        ('id-with-null-flavor', 'ClinicalDocument/id'),
        ('set-id-with-null-flavor', 'ClinicalDocument/setId'),
        ('client-id-with-null-flavor', 'ClinicalDocument/recordTarget/patientRole/id'),
        ('replaced-id-with-null-flavor', 'ClinicalDocument/relatedDocument/parentDocument'),
        ('case-id-with-null-flavor', 'ClinicalDocument/componentOf/encompassingEncounter/id'),
        ('organisation-id-with-null-flavor', 'ClinicalDocument')
)
-- A system writes all its documents alike: what is to be mended is the kind of id, once, not each document.
SELECT
    min(document_of_period.oid) AS subject,
    NULL                        AS person_key,
    NULL                        AS service_task,
    NULL                        AS municipality,
    min(document_of_period.oid) AS document,
    kind.place
FROM document_of_period
JOIN kind ON list_contains(document_of_period.problems, kind.problem)
GROUP BY kind.problem, kind.place
