-- Files of the listing with the size and time that the database noted, where another look would not help: whether an
-- older reader read them, whether they were checked as strictly as is asked for now, and whether nobody touched them
-- since. Size and time alone prove nothing: whoever copies a file may keep its time. A file that was touched, or of which
-- that is not known, is the same when its bytes are.
WITH unsettled AS (
    SELECT member.file_key
    FROM quarantine
    JOIN member USING (member_key)
    WHERE list_contains($transient, quarantine.code)
       OR (list_contains($by_terms, quarantine.code) AND quarantine.terms IS DISTINCT FROM $terms)
)
SELECT
    listing.place,
    coalesce(member.reader, 0) < $reader AS older,
    $structure IS NULL OR (
        checked.structure IS NOT DISTINCT FROM $structure
        AND ($content IS NULL OR checked.content IS NOT DISTINCT FROM $content)
    ) AS checked,
    coalesce(member.ctime_ns = listing.ctime_ns, false) AS untouched,
    CASE WHEN NOT untouched THEN member.content_hash END AS content_hash
FROM batch_listing AS listing
JOIN member USING (member_key, size, mtime_ns)
LEFT JOIN file_validation AS checked ON checked.file_key = listing.member_key
ANTI JOIN unsettled ON unsettled.file_key = listing.member_key
WHERE listing.sound AND member.standing IS NULL;
