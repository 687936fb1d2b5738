-- The last day that the data know of: the as-of date, else the day on which the newest document was stored. Rules that
-- speak of the future or of elapsed days count from here, never from the clock.
CREATE OR REPLACE TEMP TABLE reference_day AS
SELECT coalesce(min(run.as_of), max(document_standing.stored_on)) AS day
FROM run
LEFT JOIN document_standing ON document_standing.standing <> 'after-as-of';

-- Documents that exist on the as-of date, with their standing.
CREATE OR REPLACE TEMP VIEW present_document AS
SELECT * EXCLUDE (document_no, has_versions, current_at_last)
FROM numbered_document
WHERE standing <> 'after-as-of';

-- Documents that count: the newest versions, not voided, that exist on the as-of date.
CREATE OR REPLACE TEMP VIEW current_document AS
SELECT * EXCLUDE (document_no, standing, has_versions, current_at_last)
FROM numbered_document
WHERE standing = 'current';

-- Whom each document is about, once a person: by the identity that leads in its place.
CREATE OR REPLACE TEMP TABLE document_client AS
WITH several AS (
    -- Most documents name one client in one place, who leads.
    SELECT document_key FROM document_person GROUP BY document_key HAVING count(*) > 1
),
leader AS (
    SELECT
        client.slot,
        document_standing.document_key,
        identity.identity_key,
        identity.person_key
    FROM numbered_document_identity AS client
    JOIN document_standing USING (document_no)
    SEMI JOIN several USING (document_key)
    JOIN known_identity AS identity USING (identity_no)
    WHERE client.leads
)
SELECT client.document_key, client.slot, client.identity_key, identity.person_key, client.municipality, client.pointer
FROM document_person AS client
JOIN document_standing USING (document_key)
JOIN known_identity AS identity USING (identity_key)
ANTI JOIN several USING (document_key)
ANTI JOIN numbered_bystander AS bystander
    ON bystander.document_no = document_standing.document_no AND bystander.slot = client.slot
UNION ALL
SELECT leader.document_key, leader.slot, leader.identity_key, leader.person_key,
       min(document_person.municipality), min(document_person.pointer)
FROM leader
JOIN document_person USING (document_key, identity_key, slot)
GROUP BY ALL;

-- In which file each document lies; of several copies the first by name. One that lies nowhere any more: where it lay.
CREATE OR REPLACE TEMP TABLE document_file AS
WITH lying AS (
    SELECT document.oid, member.source || '/' || member.member AS file, member.standing IS NULL AS there
    FROM document
    JOIN member ON member.content_hash = document.document_key AND member.outcome = 'document'
    UNION ALL
    SELECT oid, source || '/' || member, true
    FROM quarantine
    WHERE oid IS NOT NULL
)
SELECT oid, coalesce(min(file) FILTER (there), min(file)) AS file
FROM lying
GROUP BY oid;
