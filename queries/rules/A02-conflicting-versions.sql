/*
code = "A02"
name = "conflicting-versions"
severity = "error"
applies = ".."
consequences = ["G20"]

[title]
fi = "Samalla versionumerolla on kaksi eri sisältöä"
sv = "Samma versionsnummer har två olika innehåll"
en = "Two different contents have one version number"

[why]
fi = "Kumpi niistä on Kannassa, ei selviä aineistosta, joten jaksojen luokat jäävät ratkaisematta."
sv = "Vilken av dem som finns i Kanta framgår inte av materialet, så periodernas klasser kan inte avgöras."
en = "The material does not tell which of them stands in Kanta, so the classes of episodes stay open."

[guidance]
fi = "Kysy toimittajalta, kumpi on Kannassa, ja poista toinen aineistosta."
sv = "Fråga leverantören vilken som finns i Kanta och ta bort den andra ur materialet."
en = "Ask the vendor which one stands in Kanta, and remove the other from the material."

[numerator]
fi = "niistä ne, joilla on useampi kuin yksi sisältö"
sv = "av dem de som har fler än ett innehåll"
en = "those of them that have more than one content"

[of]
fi = "asiakirjojen versiot (sarja ja versionumero)"
sv = "handlingarnas versioner (serie och versionsnummer)"
en = "versions of documents (set and version number)"
sql = "SELECT count(DISTINCT (set_id, version)) FROM document"

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
story = "version-conflict"
*/
WITH conflict AS (
    SELECT set_id, version, min(oid) AS oid
    FROM present_document
    GROUP BY set_id, version
    HAVING count(*) > 1
)
SELECT
    set_id || ' version ' || version AS subject,
    NULL                             AS person_key,
    NULL                             AS service_task,
    NULL                             AS municipality,
    oid                              AS document,
    'ClinicalDocument/versionNumber' AS place
FROM conflict
