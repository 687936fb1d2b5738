-- What is not where it was read any more and has not been told of: of a container that is there still by its name, of
-- files that were replaced or are gone by their source's. What merely moved inside a source is still in it. Needs
-- `document_copy`: one document whose bytes are spelled otherwise now is no conflict.
WITH leaving AS (
    SELECT member.source_key, member.file_key, member.source, member.content_hash, member.outcome,
           container.member AS container
    FROM member
    LEFT JOIN member AS container
        ON container.member_key = member.file_key AND container.outcome = 'container' AND container.standing IS NULL
    WHERE member.standing = 'leaving'
),
there AS (
    SELECT DISTINCT source_key, content_hash
    FROM member
    WHERE standing IS NULL AND content_hash IS NOT NULL AND source_key IN (SELECT source_key FROM leaving)
),
left_for_good AS (
    SELECT leaving.*
    FROM leaving
    LEFT JOIN there USING (source_key, content_hash)
    WHERE leaving.container IS NOT NULL OR there.content_hash IS NULL
),
named AS (
    SELECT
        coalesce(
            CASE WHEN container = source THEN source ELSE source || '/' || container END,
            source
        ) AS name,
        CASE WHEN container IS NULL THEN source_key ELSE file_key END AS place,
        content_hash,
        outcome,
        -- Another document has the same set and version: content that was changed in its place without a new version.
        EXISTS (
            FROM document AS mine
            JOIN document AS other USING (set_id, version)
            LEFT JOIN document_copy AS my_copy ON my_copy.document_key = mine.document_key
            LEFT JOIN document_copy AS its_copy ON its_copy.document_key = other.document_key
            WHERE mine.document_key = left_for_good.content_hash
              AND coalesce(its_copy.first_key, other.document_key) <> coalesce(my_copy.first_key, mine.document_key)
        ) AS conflicts
    FROM left_for_good
)
SELECT
    name,
    count(DISTINCT content_hash) FILTER (outcome = 'document')               AS documents,
    count(DISTINCT content_hash) FILTER (outcome <> 'document')              AS frames,
    count(DISTINCT content_hash) FILTER (outcome = 'document' AND conflicts) AS conflicts
FROM named
GROUP BY name, place
ORDER BY documents DESC, frames DESC, name, place;
