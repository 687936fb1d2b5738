-- Which version of the reader a member was read by, and the facts of a document come from (analyser/archive/reader.py).
-- null: read before versions were counted. What an older one read is read again where it lies there still.
ALTER TABLE member ADD COLUMN IF NOT EXISTS reader INTEGER;

ALTER TABLE document ADD COLUMN IF NOT EXISTS reader INTEGER;

-- A restriction that is known by its end alone is one.
UPDATE document_person
SET safety_restricted = true
WHERE safety_ends IS NOT NULL AND safety_restricted IS DISTINCT FROM true;
