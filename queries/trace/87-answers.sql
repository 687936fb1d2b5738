-- What the archive answered to the frames that name the documents, with the details of each answer. What it wrote in words
-- about a document of a person under a safety restriction is not told: it may name a unit or a place.
SELECT DISTINCT
    frame.oid,
    strftime(frame.created_at, '%Y-%m-%dT%H:%M:%S')  AS sent,
    strftime(answer.created_at, '%Y-%m-%dT%H:%M:%S') AS answered,
    answer.type_code                                 AS code,
    detail.type_code                                 AS detail_type,
    detail.detail_code,
    CASE WHEN restricted.oid IS NULL THEN detail.detail_text END AS detail_text,
    detail.detail_place                              AS place,
    member.source,
    member.member,
    CASE WHEN member.standing IS NULL THEN 'there' WHEN member.standing = 'unread' THEN 'unread' ELSE 'gone' END AS state,
    answer.ordinal,
    detail.place                                     AS detail_ordinal
FROM acknowledgement AS answer
JOIN frame
    ON  frame.message_root IS NOT DISTINCT FROM answer.target_root
    AND frame.message_extension IS NOT DISTINCT FROM answer.target_extension
JOIN member ON member.member_key = answer.member_key
LEFT JOIN acknowledgement_detail AS detail
    ON  detail.member_key = answer.member_key
    AND detail.ordinal = answer.ordinal
LEFT JOIN (
    SELECT DISTINCT document.oid FROM document JOIN restricted_document USING (document_key)
) AS restricted ON restricted.oid = frame.oid
WHERE (answer.target_root IS NOT NULL OR answer.target_extension IS NOT NULL)
  AND (frame.oid = (SELECT id FROM traced) OR frame.oid IN (SELECT oid FROM told_document))
ORDER BY frame.oid, answered, sent, member.source, member.member, answer.ordinal, detail_ordinal;
