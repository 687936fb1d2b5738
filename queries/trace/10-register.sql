-- Register rows: the one asked for, or those of the person, with their place in the register file.
SELECT
    row.source_id, row.person_key, row.layer, row.service_task, row.organiser_oid AS organiser, row.unit, row.producer,
    row.municipality, row.start_text AS start, row.end_text AS end, episode.file, episode.row
FROM register_row AS row
JOIN register_episode AS episode USING (source_id)
WHERE row.source_id = (SELECT id FROM traced) OR row.person_key IN (SELECT person_key FROM traced_person)
ORDER BY row.source_id;
