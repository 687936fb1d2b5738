-- A document read once stays when its file is replaced, moved or gone: how the row of a member stands since its file was
-- read last.
-- null: it lies there. unread: the last reading of its file did not come to it (the file is damaged, may not be read, or
-- the run was stopped). leaving: it is not there any more, and no run has said so yet. gone: it is not there any more.
ALTER TABLE member ADD COLUMN IF NOT EXISTS standing VARCHAR;
