-- Rows of the audit trail are numbered and chained: a row that is changed or taken out breaks the chain.

ALTER TABLE audit ADD COLUMN IF NOT EXISTS number INTEGER;

ALTER TABLE audit ADD COLUMN IF NOT EXISTS chain VARCHAR;  -- SHA-256 over the row and the chain of the row before; null in rows from before the chain

UPDATE audit SET number = rowid + 1 WHERE number IS NULL;
