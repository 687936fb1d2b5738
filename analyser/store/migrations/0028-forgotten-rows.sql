-- A delivered row of a person who was forgotten: under a mark, without the person and without dates.
ALTER TABLE delivery_row ADD COLUMN IF NOT EXISTS forgotten BOOLEAN;  -- null: of nobody who was forgotten
