-- The first undetermined rows of the ledger, by source_id, to be named in a sentence.
SELECT source_id
FROM ledger_row
WHERE class = 'undetermined'
ORDER BY source_id
-- total: a source_id stands once
LIMIT $most
