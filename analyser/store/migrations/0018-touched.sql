-- When a file was last touched, as the system tells it: a file of the same size and modification time may be another one.
-- Null: not known, so the bytes of the file are compared once with what was read.
ALTER TABLE member ADD COLUMN IF NOT EXISTS ctime_ns BIGINT;
