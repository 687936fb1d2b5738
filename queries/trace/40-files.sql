-- Where they were read, and whether they lie there still (`unread`: the last reading of the file did not come to it).
SELECT document.oid, member.source, member.member, member.size, member.content_hash AS hash,
       CASE WHEN member.standing IS NULL THEN 'there' WHEN member.standing = 'unread' THEN 'unread' ELSE 'gone' END AS state
FROM member
JOIN document ON document.document_key = member.content_hash
SEMI JOIN told_document ON told_document.document_key = document.document_key
WHERE member.outcome = 'document'
ORDER BY document.oid, member.source, member.member, state;
