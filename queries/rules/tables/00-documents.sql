-- The store will be detached, and its rows get other places when they are copied, so that nothing may look it up by them.

-- Documents with what the model says of them, once: `document`, `document_standing` and `current_document` are ways to look
-- at this table.
CREATE OR REPLACE TEMP TABLE numbered_document AS
SELECT
    document.*,
    standing.document_no,
    standing.stored_on,
    standing.standing,
    standing.has_versions,
    standing.current_at_last,
    organiser.organiser AS match_organiser,
    -- Without a register and without the setting nobody is named: then everybody's documents are looked at.
    standing.in_scope OR NOT EXISTS (FROM scope_organiser) AS in_scope
FROM main.document AS document
JOIN numbered_standing AS standing ON standing.document_no = document.rowid
LEFT JOIN organiser USING (organiser_no);

CREATE OR REPLACE TEMP VIEW document_standing AS
SELECT document_no, document_key, oid, set_id, stored_on, standing, has_versions, current_at_last
FROM numbered_document;

-- Requests that void a document, but for those that the archive refused: they void nothing.
CREATE OR REPLACE TEMP TABLE numbered_voiding AS
SELECT frame.oid, frame.created_at::DATE AS voided_on
FROM main.frame AS frame
LEFT JOIN answered_frame AS answered ON answered.frame_no = frame.rowid AND NOT answered.at_last
WHERE frame.voiding AND answered.refused IS NOT TRUE;

-- What the ledger was made of: here it is a table, with its documents.
DROP VIEW row_documents;
DROP TABLE ledger_row;

UPDATE numbered_interval SET in_scope = true WHERE NOT EXISTS (FROM scope_organiser);
UPDATE numbered_archived_episode SET in_scope = true WHERE NOT EXISTS (FROM scope_organiser);
