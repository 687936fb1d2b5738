-- Which version of the register's reader read a load (analyser/register/reader.py). Null: before it was counted; rows that such a
-- load gave are told until their file is loaded again.
ALTER TABLE register_load ADD COLUMN IF NOT EXISTS reader INTEGER;

-- What an older reader kept of a file that is of no kind: the name of its root, which may be anything.
UPDATE quarantine
SET place = NULL
WHERE code = 'unknown-xml' AND member_key NOT IN (SELECT member_key FROM member WHERE coalesce(reader, 0) >= 8);
