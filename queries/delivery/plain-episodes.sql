-- Profile "plain": rows that Kanta lacks, whole, with the register's own dates. This is a neutral form of this project;
-- the authority's format is not public. $layer is service-task or child-protection.
SELECT
    ledger.source_id,
    identity.value AS person_id,
    identity.root  AS person_id_root,
    ledger.organiser,
    ledger.service_task,
    ledger.start,
    ledger."end"
FROM ledger
LEFT JOIN person_identity AS identity USING (identity_key)
WHERE ledger.class IN ('missing', 'partial') AND ledger.layer = $layer
ORDER BY ledger.source_id;
