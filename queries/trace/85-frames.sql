-- Transfer frames that name the documents.
SELECT frame.oid, strftime(frame.created_at, '%Y-%m-%dT%H:%M:%S') AS sent, frame.request_code, frame.voiding,
       frame.set_id, frame.version, member.source, member.member,
       CASE WHEN member.standing IS NULL THEN 'there' WHEN member.standing = 'unread' THEN 'unread' ELSE 'gone' END AS state
FROM frame
JOIN member USING (member_key)
WHERE frame.oid = (SELECT id FROM traced) OR frame.oid IN (SELECT oid FROM told_document)
ORDER BY frame.oid, sent, member.source, member.member, state;
