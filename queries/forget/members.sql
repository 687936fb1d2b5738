-- Takes the members in `forgotten_member` out. Documents that nobody holds any more are the next step's.
DELETE FROM quarantine_person WHERE member_key IN (SELECT member_key FROM forgotten_member);

DELETE FROM quarantine WHERE member_key IN (SELECT member_key FROM forgotten_member);

DELETE FROM frame WHERE member_key IN (SELECT member_key FROM forgotten_member);

DELETE FROM acknowledgement WHERE member_key IN (SELECT member_key FROM forgotten_member);

DELETE FROM acknowledgement_detail WHERE member_key IN (SELECT member_key FROM forgotten_member);

DELETE FROM member WHERE member_key IN (SELECT member_key FROM forgotten_member);

DELETE FROM file_validation
WHERE file_key IN (SELECT file_key FROM forgotten_member)
  AND file_key NOT IN (SELECT file_key FROM member);
