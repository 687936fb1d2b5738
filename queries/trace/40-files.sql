-- Where they lie.
SELECT document.oid, member.source, member.member, member.size, member.content_hash AS hash
FROM member
JOIN document ON document.document_key = member.content_hash
SEMI JOIN told_document ON told_document.document_key = document.document_key
WHERE member.outcome = 'document'
ORDER BY document.oid, member.source, member.member;
