-- Members that were read from a place on the disk: a source of that path, or a file or folder inside a source
-- (`batch_place`: by the key of the source, of the file, and by its path inside the source as shown).
CREATE OR REPLACE TEMP TABLE forgotten_member AS
SELECT DISTINCT member.member_key, member.file_key, member.source_key
FROM member
JOIN batch_place AS place
    ON place.source_key = member.source_key
    AND (
        place.file_key IS NULL
        OR member.file_key = place.file_key
        OR starts_with(member.member, place.below)
    );
