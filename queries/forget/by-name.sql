-- Members that were read from a source of this name, or from a file or folder inside one, as outputs show them.
CREATE OR REPLACE TEMP TABLE forgotten_member AS
SELECT member_key, file_key, source_key
FROM member
WHERE source = $name
   OR source || '/' || member = $name
   OR starts_with(source || '/' || member, $name || '/')
   OR starts_with(source || '/' || member, $name || '!');
