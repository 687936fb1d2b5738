-- What became of a delivery after it was written: who wrote and sent it, what the receiver answered, and whether it was
-- taken in from a folder. No identifiers.
ALTER TABLE delivery ADD COLUMN IF NOT EXISTS place INTEGER;         -- 1, 2, 3 … in the order of writing, its own number there
ALTER TABLE delivery ADD COLUMN IF NOT EXISTS written_by VARCHAR;    -- user of the operating system
ALTER TABLE delivery ADD COLUMN IF NOT EXISTS sent_by VARCHAR;
ALTER TABLE delivery ADD COLUMN IF NOT EXISTS adopted_at TIMESTAMP_S; -- UTC; null: this database wrote it

-- Fields of a row that an adopted folder does not tell: no difference can be known of them.
ALTER TABLE delivery_row ADD COLUMN IF NOT EXISTS untold VARCHAR[];

UPDATE delivery SET place = number WHERE place IS NULL;

-- The highest number that a delivery had: none is given twice, whatever became of the delivery.
INSERT OR REPLACE INTO meta
SELECT 'delivery_number', max(number)::VARCHAR FROM delivery HAVING max(number) IS NOT NULL;

-- What the receiver answered; of several answers to a delivery the last one stands.
CREATE TABLE IF NOT EXISTS delivery_receipt (
    number   INTEGER,      -- of the delivery
    kept_at  TIMESTAMP_S,  -- UTC
    os_user  VARCHAR,
    sent_on  DATE,
    receipt  VARCHAR,      -- the receiver's own number
    accepted BIGINT,       -- rows that the receiver took; null: not told
    refused  BIGINT,       -- rows that it did not take; null: not told
    note     VARCHAR
);

-- Rows of a delivery that the receiver did not take, as the last receipt names them: they count as not delivered.
CREATE TABLE IF NOT EXISTS delivery_returned (
    number    INTEGER,
    part      VARCHAR,
    source_id VARCHAR
);
