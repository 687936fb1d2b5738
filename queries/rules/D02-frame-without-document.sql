/*
code = "D02"
name = "frame-without-document"
severity = "error"
applies = ".."
scope = "whole"
all = true

[all_why]
fi = "lukemattoman asiakirjan päivistä ei tiedetä mitään, joten se voi koskea mitä seurantajaksoa tahansa"
sv = """
om dagarna i en handling som aldrig lästs in vet man inget, så den kan gälla vilken uppföljningsperiod som helst"""
en = "nothing is known of the days of a document that was never read: it may belong to any period"

[title]
fi = "Siirtokehyksen asiakirja puuttuu"
sv = "Överföringsramens handling saknas"
en = "The document of a transfer frame is not in the archive"

[why]
fi = """
Kehys kertoo, että asiakirja on lähetetty Kantaan, mutta aineistossa sitä ei ole: aineisto on puutteellinen tai lähetys
epäonnistui."""
sv = """
Ramen anger att en handling har skickats till Kanta, men den finns inte i materialet: materialet är ofullständigt
eller sändningen misslyckades."""
en = """
The frame says that a document was sent to Kanta, but the material does not have it: the material is incomplete, or
the sending failed."""

[guidance]
fi = "Hae asiakirja arkistosta ja lue sekin. Jos sitä ei ole, selvitä lähetyksen virhe toimittajan kanssa."
sv = """
Hämta handlingen ur arkivet och läs in även den. Om den inte finns, utred sändningsfelet med leverantören."""
en = """
Fetch the document from the archive and ingest it too. If there is none, find the sending error with the vendor."""

[numerator]
fi = "niistä ne, joiden asiakirjaa ei ole luettu"
sv = "av dem de vars handling inte är inläst"
en = "those of them whose document was never read"

[of]
fi = "arkistoivien siirtokehysten nimeämät asiakirjat"
sv = "handlingar som arkiverande överföringsramar anger"
en = "documents that archiving transfer frames name"
counts = "named"

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, aineiston haussa"
sv = "välfärdsområdets dataförvaltning, vid uttaget av materialet"
en = "the county's data managers, where the material is fetched"

[defect]
story = "frame-without-document"
*/
WITH named AS (
    SELECT frame.oid, min(member.source || '/' || member.member) AS file
    FROM frame
    CROSS JOIN run
    LEFT JOIN member USING (member_key)
    WHERE NOT frame.voiding AND coalesce(frame.created_at::DATE <= run.as_of, true)
    GROUP BY frame.oid
)
SELECT
    named.oid                                         AS subject,
    NULL                                              AS person_key,
    NULL                                              AS service_task,
    NULL                                              AS municipality,
    named.oid                                         AS document,
    'controlActProcess/subject/clinicalDocument/id'   AS place,
    named.file
FROM named
ANTI JOIN document USING (oid)
ANTI JOIN (SELECT oid FROM quarantine WHERE oid IS NOT NULL) AS aside USING (oid)
