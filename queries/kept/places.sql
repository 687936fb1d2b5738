-- Where rows stand whose places the model keeps as numbers (`rowid`: document_no, row_no, period_no). A kept model holds
-- only where each of them is still where it was: a database that was written in its place, without a change of what it
-- says, may have moved them.
SELECT 'client_period' AS relation, count(*) AS rows, bit_xor(hash(rowid, document_key, pointer)) AS places
FROM client_period
UNION ALL
SELECT 'document', count(*), bit_xor(hash(rowid, document_key))
FROM document
UNION ALL
SELECT 'register_episode', count(*), bit_xor(hash(rowid, source_id, identity_key))
FROM register_episode
ORDER BY relation;
