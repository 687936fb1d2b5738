-- Which files of the batch (`batch_member`) are read again that the database has read before, and what of them the batch
-- takes the place of. Documents and frames that were read stay; what was put aside there is judged anew.

-- Containers whose reading has begun in this run; they may go on in the next batch.
CREATE TEMP TABLE IF NOT EXISTS begun_file (file_key TEXT);

-- Files that are read again: they had members before this run.
CREATE TEMP TABLE IF NOT EXISTS read_again (file_key TEXT);

-- Members of theirs that this run came to, by a number of half the size of their keys.
CREATE TEMP TABLE IF NOT EXISTS reached (file_key TEXT, member_no UHUGEINT);

CREATE OR REPLACE TEMP TABLE begins AS
SELECT DISTINCT file_key
FROM batch_member
ANTI JOIN begun_file USING (file_key);

INSERT INTO read_again
SELECT DISTINCT file_key
FROM member
SEMI JOIN begins USING (file_key);

-- A file that is a single member is in one batch whole.
INSERT INTO begun_file
SELECT DISTINCT file_key
FROM batch_member
ANTI JOIN begun_file USING (file_key)
WHERE file_key <> member_key;
