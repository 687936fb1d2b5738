/*
code = "A01"
name = "chain-gap"
severity = "warning"
applies = ".."
scope = "whole"

[title]
fi = "Asiakirjan versioketjusta puuttuu versio"
sv = "En version saknas i handlingens versionskedja"
en = "A version is missing from a document's chain"

[why]
fi = """
Puuttuva versio voi olla mitätöinti tai korjaus, jota ei ole luettu. Silloin voimassa olevaksi luullaan väärää
versiota."""
sv = """
Den saknade versionen kan vara en makulering eller rättelse som inte är inläst. Då hålls fel version för gällande."""
en = """
The missing version may be a voiding or a correction that was never read. Then the wrong version is held to be
current."""

[guidance]
fi = """
Hae puuttuva versio arkistosta ja lue se. Jos sitä ei ole koskaan ollut, kysy toimittajalta, miksi numero ohitettiin."""
sv = """
Hämta den saknade versionen ur arkivet och läs in den. Om den aldrig har funnits, fråga leverantören varför numret
hoppades över."""
en = """
Fetch the missing version from the archive and ingest it. If there never was one, ask the vendor why the number was
skipped."""

[numerator]
fi = "niistä ne, joista puuttuu jokin versio väliltä 1 – uusin"
sv = "av dem de som saknar någon version mellan 1 och den nyaste"
en = "those of them that lack a version between 1 and the newest"

[of]
fi = "jakson asiakirjasarjat (asiakirja kaikkine versioineen)"
sv = "periodens handlingsserier (en handling med alla versioner)"
en = "sets of the period (a document with all its versions)"
counts = "looked_at"

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, aineiston haussa"
sv = "välfärdsområdets dataförvaltning, vid uttaget av materialet"
en = "the county's data managers, where the material is fetched"

[defect]
story = "chain-gap"
*/
WITH set_of_period AS (
    SELECT DISTINCT set_id FROM present_document SEMI JOIN period_document USING (document_key)
),
version AS (
    SELECT set_id, version, oid
    FROM present_document
    SEMI JOIN set_of_period USING (set_id)
    UNION ALL
    -- A version in quarantine is there, even if it cannot be read.
    SELECT set_id, version, oid
    FROM quarantined_document
    SEMI JOIN set_of_period USING (set_id)
    WHERE set_id IS NOT NULL AND version IS NOT NULL
),
chain AS (
    SELECT
        set_id,
        min(version)                   AS first_version,
        max(version)                   AS last_version,
        count(DISTINCT version)        AS versions,
        arg_max(oid, (version, oid))   AS newest
    FROM version
    GROUP BY set_id
),
looked_at AS (
    -- An export of newest versions alone lacks the earlier ones of every document: nothing is missing from it.
    SELECT *
    FROM chain
    WHERE EXISTS (SELECT set_id FROM present_document GROUP BY set_id HAVING count(DISTINCT version) > 1)
)
SELECT
    set_id AS subject,
    NULL   AS person_key,
    NULL   AS service_task,
    NULL   AS municipality,
    newest AS document,
    'ClinicalDocument/versionNumber' AS place
FROM looked_at
-- Numbers begin with 1, or with 0 where the system counts so.
WHERE last_version - least(first_version, 1) + 1 > versions
