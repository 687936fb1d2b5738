/*
code = "D08"
name = "frame-disagrees"
severity = "error"
applies = ".."

[title]
fi = "Siirtokehys ja asiakirja ovat ristiriidassa"
sv = "Överföringsramen och handlingen säger emot varandra"
en = "The transfer frame and the document disagree"

[why]
fi = """
Kehys ja asiakirja antavat eri sarjatunnuksen, version tai palvelupyynnön. Silloin Kanta ja asiakirja voivat pitää eri
versiota voimassa olevana."""
sv = """
Ramen och handlingen anger olika serie, version eller tjänstebegäran. Då kan Kanta och handlingen hålla olika
versioner för gällande."""
en = """
Frame and document give different sets, versions or service requests. Then Kanta and the document may hold different
versions to be current."""

[guidance]
fi = "Selvitä toimittajan kanssa, miten kehys muodostetaan, ja korjaa lähettävä järjestelmä."
sv = "Utred med leverantören hur ramen bildas och rätta det sändande systemet."
en = "Find out with the vendor how the frame is made, and mend the sending system."

[numerator]
fi = "niistä ne, joiden sarja, versio tai palvelupyyntö ei vastaa asiakirjaa"
sv = "av dem de vars serie, version eller tjänstebegäran inte motsvarar handlingen"
en = "those of them whose set, version or service request does not fit the document"

[of]
fi = "siirtokehykset, joiden asiakirja on arkistossa (ei mitätöinnit)"
sv = "överföringsramar vars handling finns i arkivet (inte makuleringar)"
en = "transfer frames whose document is in the archive (voiding requests left out)"
sql = '''
WITH framed AS (
    SELECT frame.*, document.oid AS document_oid, document.set_id AS document_set, document.version AS document_version, document.kind
    FROM frame
    JOIN document USING (oid)
    WHERE NOT frame.voiding
)
SELECT count(DISTINCT (frame_key, oid)) FROM framed'''

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
seed = "UPDATE frame SET version = 7 WHERE oid = (SELECT min(oid) FROM document WHERE kind = 'case')"
*/
WITH framed AS (
    SELECT frame.*, document.oid AS document_oid, document.set_id AS document_set, document.version AS document_version, document.kind
    FROM frame
    JOIN document USING (oid)
    WHERE NOT frame.voiding
)
SELECT DISTINCT
    framed.oid                                      AS subject,
    NULL                                            AS person_key,
    NULL                                            AS service_task,
    NULL                                            AS municipality,
    framed.oid                                      AS document,
    'controlActProcess/subject/clinicalDocument'    AS place,
    member.source || '/' || member.member           AS file
FROM framed
LEFT JOIN member USING (member_key)
WHERE framed.set_id <> framed.document_set
   OR framed.version <> framed.document_version
   OR (framed.request_code = 'SP1' AND framed.kind <> 'client-relationship')
   OR (framed.request_code = 'SP17' AND framed.kind = 'client-relationship')
