/*
code = "D08"
name = "frame-disagrees"
severity = "error"
applies = ".."
scope = "person"

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
fi = "Selvitä toimittajan kanssa, miten kehys muodostetaan, ja lähetä asiakirja uudelleen oikealla kehyksellä."
sv = "Utred med leverantören hur ramen bildas och skicka handlingen på nytt med en riktig ram."
en = "Find out with the vendor how the frame is made, and send the document again in a right one."

[numerator]
fi = "niistä ne, joiden uusimman siirtokehyksen sarja, versio tai palvelupyyntö ei vastaa asiakirjaa"
sv = """
av dem de vars nyaste överföringsram anger en serie, version eller tjänstebegäran som inte motsvarar handlingen"""
en = "those of them whose newest frame gives a set, version or service request that does not fit the document"

[of]
fi = "jakson asiakirjat, joilla on siirtokehys (ei mitätöinnit)"
sv = "periodens handlingar med en överföringsram (inte makuleringar)"
en = "documents of the period that a transfer frame names (voiding requests left out)"
sql = 'SELECT count(*) FROM framed_document'

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
SELECT
    oid                                             AS subject,
    NULL                                            AS person_key,
    NULL                                            AS service_task,
    NULL                                            AS municipality,
    oid                                             AS document,
    'controlActProcess/subject/clinicalDocument'    AS place,
    file
FROM framed_document
WHERE NOT agrees
