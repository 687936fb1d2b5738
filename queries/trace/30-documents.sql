-- Documents, with their standing, what the archive answered, and the day they were stored.
SELECT
    document.oid, document.set_id, document.version, document.kind, document_standing.standing,
    told.acknowledgement,
    strftime(document_standing.stored_on, '%Y-%m-%d') AS stored, document.content_specification, document.organiser,
    CASE WHEN restricted.document_key IS NULL THEN document.unit END      AS unit,
    CASE WHEN restricted.document_key IS NULL THEN document.custodian END AS custodian,
    document.relationship_id, document.case_id, document.old_relationship,
    document.replaces_oid, document.problems
FROM document
JOIN document_standing USING (document_key)
SEMI JOIN told_document USING (document_key)
LEFT JOIN document_acknowledgement AS told ON told.document_no = document_standing.document_no AND NOT told.at_last
LEFT JOIN restricted_document AS restricted USING (document_key)
ORDER BY document.set_id, document.version, document.oid, document.document_key;
