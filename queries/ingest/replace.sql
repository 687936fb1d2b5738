-- Makes room for the members of the batch whose places the database knows. $passing are the codes of quarantine that say
-- nothing of the bytes: another reading may end otherwise.

INSERT INTO reached
SELECT file_key, md5_number(member_key)
FROM batch_member
SEMI JOIN read_again USING (file_key);

-- A container that is half read is not a file that is known.
DELETE FROM member
WHERE outcome = 'container'
  AND file_key IN (SELECT file_key FROM begins SEMI JOIN read_again USING (file_key));

CREATE OR REPLACE TEMP TABLE met AS
WITH judged AS (
    SELECT batch_member.member_key, batch_member.content_hash, batch_member.outcome,
           batch_quarantine.member_key IS NULL OR (
               batch_member.content_hash IS NOT NULL AND NOT list_contains($passing, batch_quarantine.code)
           ) AS by_its_bytes
    FROM batch_member
    SEMI JOIN read_again USING (file_key)
    LEFT JOIN batch_quarantine USING (member_key)
),
compared AS (
    SELECT
        member.member_key,
        member.outcome,
        judged.outcome AS new_outcome,
        md5(member.member_key || chr(31) || member.content_hash) AS former_key,
        member.outcome IN ('document', 'frame', 'acknowledgement')
            AND NOT (judged.by_its_bytes AND member.content_hash IS NOT DISTINCT FROM judged.content_hash) AS stays
    FROM member
    JOIN judged USING (member_key)
)
SELECT compared.*, stays AND member.member_key IS NULL AS moves
FROM compared
LEFT JOIN member ON member.member_key = compared.former_key;

-- Entries of the quarantine that the batch closes: what lies there now can be read.
INSERT OR REPLACE INTO meta
SELECT 'quarantine_closed', (coalesce(max(told.value)::BIGINT, 0) + count(*))::VARCHAR
FROM met
LEFT JOIN (SELECT value FROM meta WHERE key = 'quarantine_closed') AS told ON true
WHERE met.outcome = 'quarantine' AND met.new_outcome <> 'quarantine'
HAVING count(*) > 0;

-- The same bytes were a document once and are put aside now: perhaps nobody holds it any more.
INSERT OR REPLACE INTO meta
SELECT DISTINCT 'orphans_possible', 'yes'
FROM met
WHERE outcome = 'document' AND NOT stays AND new_outcome <> 'document';

DELETE FROM quarantine WHERE member_key IN (SELECT member_key FROM met);

DELETE FROM quarantine_person WHERE member_key IN (SELECT member_key FROM met);

-- What stays gives its place to what lies there now, and is known from then on by its place and its bytes.
UPDATE frame
SET member_key = met.former_key
FROM met
WHERE frame.member_key = met.member_key AND met.moves;

UPDATE acknowledgement
SET member_key = met.former_key
FROM met
WHERE acknowledgement.member_key = met.member_key AND met.moves;

UPDATE acknowledgement_detail
SET member_key = met.former_key
FROM met
WHERE acknowledgement_detail.member_key = met.member_key AND met.moves;

UPDATE member
SET member_key = met.former_key, standing = coalesce(member.standing, 'unread')
FROM met
WHERE member.member_key = met.member_key AND met.moves;

DELETE FROM frame WHERE member_key IN (SELECT member_key FROM met WHERE NOT moves);

DELETE FROM acknowledgement WHERE member_key IN (SELECT member_key FROM met WHERE NOT moves);

DELETE FROM acknowledgement_detail WHERE member_key IN (SELECT member_key FROM met WHERE NOT moves);

DELETE FROM member WHERE member_key IN (SELECT member_key FROM met WHERE NOT moves);
