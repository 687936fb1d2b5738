/*
code = "D21"
name = "id-with-null-flavor"
severity = "info"
applies = ".."

[title]
fi = "Asiakirjan tunnus on merkitty puuttuvaksi, vaikka se on"
sv = "Handlingens id är märkt som saknat fast det finns"
en = "The document's id is marked as absent, though it is there"

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
fi = "niistä ne, joiden tunnuksessa on myös nullFlavor"
sv = "av dem de vars id också har nullFlavor"
en = "those of them whose id also has a nullFlavor"

[of]
fi = "voimassa olevat asiakirjat"
sv = "gällande handlingar"
en = "current documents"
sql = "SELECT count(*) FROM current_document"

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
    'ClinicalDocument/id' AS place
FROM current_document
WHERE list_contains(problems, 'id-with-null-flavor')
