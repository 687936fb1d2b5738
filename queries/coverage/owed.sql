-- Rows told of that Kanta lacks, wholly or in part, with the key of their service task: the statute goes by keys.
SELECT
    ledger.source_id,
    CASE WHEN ledger.layer = 'child-protection' THEN 'child_protection' ELSE service_task.key END AS key
FROM ledger
LEFT JOIN service_task USING (service_task)
WHERE ledger.class IN ('missing', 'partial')
  AND (
      ledger.source_id = (SELECT id FROM traced)
      OR ledger.person_key IN (SELECT person_key FROM traced_person)
  )
ORDER BY ledger.source_id;
