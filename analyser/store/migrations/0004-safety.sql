-- Safety restrictions (turvakielto): until when, by documents in quarantine, and by the county's own register.

ALTER TABLE document_person ADD COLUMN IF NOT EXISTS safety_ends DATE;

ALTER TABLE quarantine_person ADD COLUMN IF NOT EXISTS safety_restricted BOOLEAN;

ALTER TABLE register_episode ADD COLUMN IF NOT EXISTS safety_restricted BOOLEAN;
