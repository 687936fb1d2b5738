-- What becomes of the members that a file held when it was read before, now that it has been read to its end and all its
-- members stand in `member`. A member that the reading could not come to stays as it was.

-- A file ends with the row of its own.
CREATE OR REPLACE TEMP TABLE finished AS
SELECT file_key
FROM batch_member
SEMI JOIN read_again USING (file_key)
WHERE member_key = file_key;

CREATE OR REPLACE TEMP TABLE here AS
SELECT member.*
FROM member
SEMI JOIN finished USING (file_key)
SEMI JOIN reached ON reached.file_key = member.file_key AND reached.member_no = md5_number(member.member_key);

-- At and below these names not everything was come to: the whole of a container, or a member of which not even the bytes
-- could be had. Where a stream breaks off nothing after that member was come to either ($breaking); a zip lists its
-- members in one place, and loses one alone.
CREATE OR REPLACE TEMP TABLE closed_place AS
WITH trouble AS (
    SELECT here.file_key, quarantine.code, rtrim(quarantine.member, '!') AS place,
           array_to_string(string_split(rtrim(quarantine.member, '!'), '!')[:-2], '!') AS container
    FROM here
    JOIN quarantine USING (member_key)
    WHERE here.outcome = 'quarantine' AND (here.content_hash IS NULL OR list_contains($passing, quarantine.code))
)
SELECT DISTINCT
    file_key,
    CASE
        WHEN container <> '' AND list_contains($breaking, code) AND NOT ends_with(lower(container), '.zip') THEN container
        ELSE place
    END AS place
FROM trouble;

CREATE OR REPLACE TEMP TABLE left_over AS
WITH remaining AS (
    SELECT member.member_key, member.file_key, member.member, member.content_hash, member.outcome,
           string_split(member.member, '!') AS parts
    FROM member
    SEMI JOIN finished USING (file_key)
    ANTI JOIN reached ON reached.file_key = member.file_key AND reached.member_no = md5_number(member.member_key)
),
places AS (
    SELECT member_key, file_key, unnest(list_transform(range(1, len(parts) + 1), lambda n: array_to_string(parts[:n], '!'))) AS place
    FROM remaining
    WHERE EXISTS (FROM closed_place)
),
not_come_to AS (
    SELECT DISTINCT places.member_key
    FROM places
    SEMI JOIN closed_place USING (file_key, place)
),
judged_here AS (
    SELECT here.file_key, here.content_hash, bool_or(here.outcome = 'document') AS document
    FROM here
    LEFT JOIN quarantine USING (member_key)
    WHERE here.content_hash IS NOT NULL
      AND (here.outcome <> 'quarantine' OR NOT list_contains($passing, quarantine.code))
    GROUP BY ALL
),
again AS (
    SELECT DISTINCT file_key, member AS place
    FROM here
)
SELECT
    remaining.member_key,
    remaining.outcome,
    remaining.file_key,
    remaining.member,
    judged_here.document AS document_here,
    CASE
        WHEN remaining.outcome = 'container' THEN 'drop'
        WHEN remaining.outcome <> 'quarantine' AND judged_here.file_key IS NOT NULL THEN 'drop'  -- the same bytes lie elsewhere in it
        -- What was said of a container as a whole ends when it is read again.
        WHEN ends_with(remaining.member, '!') AND again.place IS NOT NULL THEN 'close'
        WHEN not_come_to.member_key IS NOT NULL THEN 'unread'
        WHEN remaining.outcome = 'quarantine' THEN 'close'
        ELSE 'leaving'
    END AS fate
FROM remaining
LEFT JOIN not_come_to USING (member_key)
LEFT JOIN judged_here USING (file_key, content_hash)
LEFT JOIN again ON again.file_key = remaining.file_key AND again.place = rtrim(remaining.member, '!');

-- An entry under the same name is the same entry, and not closed.
INSERT OR REPLACE INTO meta
SELECT 'quarantine_closed', (coalesce(max(told.value)::BIGINT, 0) + count(*))::VARCHAR
FROM left_over
ANTI JOIN (
    FROM here
    WHERE outcome = 'quarantine'
) AS still USING (file_key, member)
LEFT JOIN (SELECT value FROM meta WHERE key = 'quarantine_closed') AS told ON true
WHERE left_over.fate = 'close'
HAVING count(*) > 0;

INSERT OR REPLACE INTO meta
SELECT DISTINCT 'orphans_possible', 'yes'
FROM left_over
WHERE fate = 'drop' AND outcome = 'document' AND NOT document_here;

DELETE FROM quarantine WHERE member_key IN (SELECT member_key FROM left_over WHERE fate = 'close');

DELETE FROM quarantine_person WHERE member_key IN (SELECT member_key FROM left_over WHERE fate = 'close');

DELETE FROM frame WHERE member_key IN (SELECT member_key FROM left_over WHERE fate = 'drop');

DELETE FROM acknowledgement WHERE member_key IN (SELECT member_key FROM left_over WHERE fate = 'drop');

DELETE FROM acknowledgement_detail WHERE member_key IN (SELECT member_key FROM left_over WHERE fate = 'drop');

DELETE FROM member WHERE member_key IN (SELECT member_key FROM left_over WHERE fate IN ('drop', 'close'));

UPDATE member
SET standing = left_over.fate
FROM left_over
WHERE member.member_key = left_over.member_key
  AND (
      (left_over.fate = 'leaving' AND member.standing IS DISTINCT FROM 'gone')
      OR (left_over.fate = 'unread' AND member.standing IS NULL)
  );

DELETE FROM read_again WHERE file_key IN (SELECT file_key FROM finished);

DELETE FROM begun_file WHERE file_key IN (SELECT file_key FROM finished);

DELETE FROM reached WHERE file_key IN (SELECT file_key FROM finished);
