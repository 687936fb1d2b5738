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

-- Documents that belong to the period: stored in it, or with a period, case, decision or entry of theirs that touches it.
-- Rules that look at documents one by one look at these: what the period does not touch is not told again each quarter.
CREATE OR REPLACE TEMP TABLE period_document AS
WITH dated AS (
    SELECT document_key, start_lo AS first_day, coalesce(end_hi, run.open_end) AS last_day
    FROM client_period
    CROSS JOIN run
    UNION ALL
    SELECT document_key, opened_lo, coalesce(closed_hi, run.open_end)
    FROM case_fact
    CROSS JOIN run
    UNION ALL
    SELECT document_key, coalesce(start_lo, decided_lo), coalesce(end_hi, greatest(decided_hi, start_hi))
    FROM service_evidence
    UNION ALL
    SELECT document_key, relationship_start_lo, coalesce(relationship_end_hi, run.open_end)
    FROM document
    CROSS JOIN run
)
SELECT dated.document_key
FROM dated
CROSS JOIN run
WHERE least(dated.first_day, dated.last_day) <= run.period_end
  AND greatest(dated.first_day, dated.last_day) >= run.period_start
UNION
SELECT document_key
FROM numbered_document
CROSS JOIN run
WHERE stored_on BETWEEN run.period_start AND run.period_end;

CREATE OR REPLACE TEMP VIEW document_of_period AS
SELECT * FROM current_document SEMI JOIN period_document USING (document_key);

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
