/*
code = "D20"
name = "several-clients-in-relationship"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Asiakkuusasiakirjalla on useita asiakkaita"
sv = "Klientrelationshandlingen har flera klienter"
en = "A client-relationship document has several clients"

[why]
fi = """
Asiakkuus on yhden henkilön. Otsikon (recordTarget) asiakkaat saavat kaikki saman jakson, ja pelkästä sisällöstä löytyvä
asiakas jää ilman jaksoa."""
sv = """
En klientrelation är en persons. Alla klienter i huvudet (recordTarget) får samma period, och en klient som bara finns i
innehållet blir utan."""
en = """
A client relationship is one person's. All clients of the header (recordTarget) get the same episode, and one whom the
content alone names gets none."""

[guidance]
fi = "Arkistoi kullekin asiakkaalle oma asiakkuusasiakirja; yhteinen on vain asia."
sv = "Arkivera en egen klientrelationshandling för varje klient; gemensamt är bara ärendet."
en = "Archive a client-relationship document for each client; only a case is joint."

[numerator]
fi = "niistä ne, joissa on useampi kuin yksi asiakas"
sv = "av dem de med fler än en klient"
en = "those of them with more than one client"

[of]
fi = "jakson voimassa olevat asiakkuusasiakirjat"
sv = "periodens gällande klientrelationshandlingar"
en = "current client-relationship documents of the period"
sql = "SELECT count(*) FROM document_of_period AS current_document WHERE kind = 'client-relationship'"

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
seed = """
INSERT INTO document_person BY NAME
SELECT
    document_key,
    (SELECT max(identity_key) FROM register_episode) AS identity_key,
    1 AS slot,
    'content' AS origin,
    '/asiakkuusasiakirja/asiakas/1' AS pointer
FROM document
WHERE oid = (SELECT min(oid) FROM document WHERE kind = 'client-relationship')"""
*/
WITH relationship AS (
    SELECT * FROM document_of_period AS current_document WHERE kind = 'client-relationship'
),
client AS (
    -- Places of clients, in header and content, with everybody whom their identifiers can mean.
    SELECT document_person.document_key, document_person.slot, document_person.pointer, identity.person_key
    FROM document_person
    SEMI JOIN relationship USING (document_key)
    JOIN known_identity AS identity USING (identity_key)
),
one_client AS (
    -- One client in two places is one client.
    SELECT one.document_key, other.slot
    FROM client AS one
    JOIN client AS other USING (document_key, person_key)
    WHERE one.slot < other.slot
),
further AS (
    SELECT document_key, min(pointer) AS pointer
    FROM client
    ANTI JOIN one_client USING (document_key, slot)
    GROUP BY document_key
    HAVING count(DISTINCT slot) > 1
),
unnamed AS (
    -- Several recordTargets of which one at most has an identifier: nothing says that they are one.
    SELECT document_key
    FROM relationship
    ANTI JOIN client USING (document_key)
    WHERE list_contains(problems, 'several-clients')
)
SELECT
    relationship.oid AS subject,
    NULL             AS person_key,
    NULL             AS service_task,
    NULL             AS municipality,
    relationship.oid AS document,
    coalesce(further.pointer, 'ClinicalDocument/recordTarget[2]') AS place
FROM relationship
LEFT JOIN further USING (document_key)
LEFT JOIN unnamed USING (document_key)
WHERE further.document_key IS NOT NULL OR unnamed.document_key IS NOT NULL
