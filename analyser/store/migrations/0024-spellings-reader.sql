-- Nothing in tables changes but what is kept of names and texts: identifiers in spellings that redaction did not know
-- before (a birth date written as a date, a sign as XML writes it, other signs between the groups) are taken out of it.
UPDATE meta SET value = value WHERE false;

-- With the hash of its bytes: by that a file is found whose name held an identifier, and is therefore not shown as it is.
CREATE OR REPLACE VIEW quarantine_listing AS
WITH lone_frame AS (
    SELECT frame.*
    FROM frame
    ANTI JOIN document ON document.oid = frame.oid
    ANTI JOIN quarantine ON quarantine.oid = frame.oid
)
SELECT source, member, stage, code, message, place, stored_at, content_hash
FROM quarantine
UNION ALL
SELECT
    member.source,
    member.member,
    'frame',
    'frame-without-document',
    'the frame names a document that is not in the archive; ingest that document too',
    'controlActProcess/subject/clinicalDocument/id',
    lone_frame.created_at,
    member.content_hash
FROM lone_frame
JOIN member USING (member_key);
