/*
code = "A02"
name = "conflicting-versions"
severity = "warning"
applies = ".."
scope = "person"
follows_from = ["G20"]
consequences = ["G20"]

[title]
fi = "Samalla versionumerolla on kaksi eri sisältöä"
sv = "Samma versionsnummer har två olika innehåll"
en = "Two different contents have one version number"

[why]
fi = "Kumpi niistä on Kannassa, ei selviä aineistosta, joten jaksojen luokat jäävät selvitettäviksi."
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
fi = "jakson asiakirjojen versiot (sarja ja versionumero)"
sv = "versioner av periodens handlingar (serie och versionsnummer)"
en = "versions of documents of the period (set and version number)"
sql = '''
SELECT count(DISTINCT (set_id, version)) FROM present_document SEMI JOIN period_document USING (document_key)'''

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, aineiston haussa"
sv = "välfärdsområdets dataförvaltning, vid uttaget av materialet"
en = "the county's data managers, where the material is fetched"

[defect]
story = "version-conflict"
*/
WITH conflict AS (
    SELECT set_id, version
    FROM present_document
    SEMI JOIN period_document USING (document_key)
    GROUP BY set_id, version
    HAVING count(*) > 1
),
contested AS (
    SELECT document.* FROM present_document AS document SEMI JOIN period_document USING (document_key) JOIN conflict USING (set_id, version)
),
fact AS (
    -- What was read of each: line ends, marks and white space are no difference.
    SELECT
        document_key,
        'document ' || (
            oid, kind, body, organiser, unit, relationship_id, record_status, old_relationship, effective_at, relationship_start_text,
            relationship_end_text, family_law, general_type, specific_type, json_root
        )::VARCHAR AS fact
    FROM contested
    UNION
    SELECT document_key, 'person ' || (identity_key, slot, municipality, safety_restricted, safety_ends, left_text)::VARCHAR
    FROM document_person
    SEMI JOIN contested USING (document_key)
    UNION
    SELECT document_key, 'block ' || (ordinal, task_system, task_code, task_display)::VARCHAR
    FROM service_task_block
    SEMI JOIN contested USING (document_key)
    UNION
    SELECT document_key, 'period ' || (role, block, task_code, task_display, unit, services, start_text, end_text)::VARCHAR
    FROM client_period
    SEMI JOIN contested USING (document_key)
    UNION
    SELECT document_key, 'case ' || (case_id, name_code, state, joint, task_code, task_display, opened_text, closed_text)::VARCHAR
    FROM case_fact
    SEMI JOIN contested USING (document_key)
    UNION
    SELECT
        document_key,
        'evidence ' || (
            kind, outcome, task_code, task_display, service_code, service_display, decided_text, start_text, end_text
        )::VARCHAR
    FROM service_evidence
    SEMI JOIN contested USING (document_key)
),
told AS (
    SELECT contested.set_id, contested.version, fact.fact, count(DISTINCT fact.document_key) AS tellers
    FROM fact
    JOIN contested USING (document_key)
    GROUP BY contested.set_id, contested.version, fact.fact
),
copies AS (
    SELECT set_id, version, count(DISTINCT document_key) AS copies, min(oid) AS oid
    FROM contested
    GROUP BY set_id, version
)
SELECT DISTINCT
    set_id || ' version ' || version AS subject,
    NULL                             AS person_key,
    NULL                             AS service_task,
    NULL                             AS municipality,
    oid                              AS document,
    'ClinicalDocument/versionNumber' AS place
FROM copies
JOIN told USING (set_id, version)
WHERE told.tellers < copies.copies
