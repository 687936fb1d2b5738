-- Condition "period": documents in scope that tell no moment at all, so that they belong to no month.
SELECT count(*)
FROM numbered_standing AS standing
JOIN document ON document.rowid = standing.document_no
JOIN organiser_of ON organiser_of.oid = document.organiser AND organiser_of.in_scope
WHERE standing.stored_on IS NULL AND document.effective_at IS NULL
  AND document.kind IN ('client-relationship', 'case', 'client');
