-- Keeps the rows that were written, each with its file (`written_row`: part, source_id, file).
INSERT INTO delivery_row BY NAME
SELECT
    $number::INTEGER AS number, written.file, told.part, told.change, told.source_id, told.former_source_id, told.layer, told.kind,
    told.identity_key, told.organiser, told.service_task, told.social_service, told.decided AS decided_text,
    told.start AS start_text, told."end" AS end_text
FROM row_to_deliver AS told
JOIN written_row AS written USING (part, source_id);
