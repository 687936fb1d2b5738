-- A birth date stands with the document or the row that tells it: what is corrected is gone, and what is wrong is found.
-- Documents and rows of before have none here until they are read again; for them `person_identity` has the smallest that
-- was ever read.
ALTER TABLE document_person ADD COLUMN IF NOT EXISTS birth_date DATE;
ALTER TABLE register_episode ADD COLUMN IF NOT EXISTS birth_date DATE;
