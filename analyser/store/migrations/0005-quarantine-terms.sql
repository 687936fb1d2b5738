-- On which terms a member was read that is in quarantine: under others it is read again, though it has not changed.
ALTER TABLE quarantine ADD COLUMN IF NOT EXISTS terms TEXT;
