-- The store will be detached, and its rows get other places when they are copied. So what the model's views take from it
-- by its places becomes tables first, while the store is still at hand.

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
    standing.in_scope
FROM main.document AS document
JOIN numbered_standing AS standing ON standing.document_no = document.rowid
LEFT JOIN organiser USING (organiser_no);

CREATE OR REPLACE TEMP VIEW document_standing AS
SELECT document_no, document_key, oid, set_id, stored_on, standing, has_versions, current_at_last
FROM numbered_document;

CREATE OR REPLACE TEMP TABLE whole_period AS FROM covering_period;
DROP VIEW covering_period;
ALTER TABLE whole_period RENAME TO covering_period;

CREATE OR REPLACE TEMP TABLE whole_row AS FROM register_row;
DROP VIEW register_row;
ALTER TABLE whole_row RENAME TO register_row;

-- Rules ask for the ledger with its documents, again and again.
CREATE OR REPLACE TEMP TABLE whole_ledger AS FROM ledger;
DROP VIEW ledger;
DROP VIEW row_documents;
DROP TABLE ledger_row;
ALTER TABLE whole_ledger RENAME TO ledger;
