-- Documents that stay without the person.
SELECT count(DISTINCT document_key)
FROM document_person
WHERE rowid IN (SELECT row_no FROM gone WHERE relation = 'document_person')
  AND document_key NOT IN (SELECT document_key FROM gone_document);
