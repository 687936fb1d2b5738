-- Condition "period": documents in scope that tell no moment at all, so that they belong to no month.
SELECT count(*)
FROM numbered_standing
WHERE in_scope
  AND stored_on IS NULL
  AND effective_at IS NULL
  AND kind IN ('client-relationship', 'case', 'client');
