/*
code = "D21"
name = "id-with-null-flavor"
severity = "info"
applies = ".."
scope = "person"

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
fi = "niistä ne, joiden jossakin tunnuksessa on myös nullFlavor"
sv = "av dem de där något id också har nullFlavor"
en = "those of them in which some id also has a nullFlavor"

[of]
fi = "jakson voimassa olevat asiakirjat"
sv = "periodens gällande handlingar"
en = "current documents of the period"
sql = "SELECT count(*) FROM document_of_period AS current_document"

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
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    -- The first of them; trace tells all.
    CASE
        WHEN list_contains(problems, 'id-with-null-flavor') THEN 'ClinicalDocument/id'
        WHEN list_contains(problems, 'set-id-with-null-flavor') THEN 'ClinicalDocument/setId'
        WHEN list_contains(problems, 'client-id-with-null-flavor') THEN 'ClinicalDocument/recordTarget/patientRole/id'
        WHEN list_contains(problems, 'replaced-id-with-null-flavor') THEN 'ClinicalDocument/relatedDocument/parentDocument'
        WHEN list_contains(problems, 'case-id-with-null-flavor')
            THEN 'ClinicalDocument/componentOf/encompassingEncounter/id'
        ELSE 'ClinicalDocument'
    END AS place
FROM document_of_period AS current_document
WHERE list_has_any(problems, [
    'id-with-null-flavor', 'set-id-with-null-flavor', 'client-id-with-null-flavor', 'replaced-id-with-null-flavor',
    'case-id-with-null-flavor', 'organisation-id-with-null-flavor'
])
