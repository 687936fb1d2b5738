-- Files of the sources in `batch_source` that their folders do not list any more (`batch_listed` has all that they list,
-- by the first half of their keys). What was read of them stays; what was put aside there is closed.
-- `batch_shut` names folders that could not be listed.
CREATE OR REPLACE TEMP TABLE missing_file AS
WITH known AS (
    SELECT file_key, source_key, min(member) AS member
    FROM member
    SEMI JOIN batch_source USING (source_key)
    WHERE standing IS DISTINCT FROM 'gone'
    GROUP BY ALL
)
SELECT known.file_key
FROM known
ANTI JOIN batch_listed ON batch_listed.file_no = ('0x' || left(known.file_key, 16))::UBIGINT
WHERE NOT EXISTS (
    FROM batch_shut
    WHERE batch_shut.source_key = known.source_key
      AND (batch_shut.member = '.' OR starts_with(known.member, batch_shut.member || '/'))
);

INSERT OR REPLACE INTO meta
SELECT 'quarantine_closed', (coalesce(max(told.value)::BIGINT, 0) + count(*))::VARCHAR
FROM quarantine
JOIN member USING (member_key)
SEMI JOIN missing_file USING (file_key)
LEFT JOIN (SELECT value FROM meta WHERE key = 'quarantine_closed') AS told ON true
HAVING count(*) > 0;

DELETE FROM quarantine_person
WHERE member_key IN (SELECT member_key FROM member SEMI JOIN missing_file USING (file_key));

DELETE FROM quarantine
WHERE member_key IN (SELECT member_key FROM member SEMI JOIN missing_file USING (file_key));

DELETE FROM member
WHERE outcome IN ('container', 'quarantine') AND file_key IN (SELECT file_key FROM missing_file);

DELETE FROM file_validation WHERE file_key IN (SELECT file_key FROM missing_file);

UPDATE member
SET standing = 'leaving'
WHERE file_key IN (SELECT file_key FROM missing_file) AND standing IS DISTINCT FROM 'gone';
