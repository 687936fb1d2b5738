-- What the archive's side of the database holds.
SELECT
    (SELECT count(*) FROM document)                                          AS documents,
    (SELECT count(DISTINCT frame_key) FROM frame)                            AS frames,
    (SELECT count(*) FROM quarantine)                                        AS quarantined,
    (SELECT count(*) FROM person_identity)                                   AS identities,
    (
        SELECT count(DISTINCT member.content_hash)
        FROM member
        SEMI JOIN forgotten_member USING (member_key)
        SEMI JOIN document ON document.document_key = member.content_hash
        WHERE member.outcome = 'document'
    )                                                                        AS touched;
