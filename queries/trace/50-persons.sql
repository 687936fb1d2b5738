-- Whom they are about, and where in the document that stands.
SELECT document.oid, document_identity.person_key, document_person.origin, document_person.slot,
       CASE WHEN restricted.document_key IS NULL THEN document_person.municipality END AS municipality, document_person.pointer AS place
FROM document_person
JOIN document_identity USING (document_key, identity_key)
JOIN document USING (document_key)
SEMI JOIN told_document USING (document_key)
LEFT JOIN restricted_document AS restricted USING (document_key)
ORDER BY document.oid, document_person.slot, document_person.origin, document_identity.person_key, place;
