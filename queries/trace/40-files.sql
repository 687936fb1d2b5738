-- Where they were read, and whether they lie there still (`unread`: the last reading of the file did not come to it). A
-- document in several spellings of its bytes was read in all of them: they differ by hash.
SELECT document.oid, member.source, member.member, member.size, member.content_hash AS hash,
       CASE WHEN member.standing IS NULL THEN 'there' WHEN member.standing = 'unread' THEN 'unread' ELSE 'gone' END AS state
FROM member
LEFT JOIN document_copy AS copy ON copy.document_key = member.content_hash
JOIN document ON document.document_key = coalesce(copy.first_key, member.content_hash)
SEMI JOIN told_document ON told_document.document_key = document.document_key
WHERE member.outcome = 'document'
ORDER BY document.oid, member.source, member.member, state;
