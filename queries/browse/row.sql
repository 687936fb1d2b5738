-- One row of the period, with the days it can have and its place in the register file.
SELECT
    browsed_row.* EXCLUDE (unit_now),
    episode.start_lo,
    episode.start_hi,
    episode.end_lo,
    episode.end_hi,
    written.file,
    written.row
FROM browsed_row
JOIN episode USING (source_id)
JOIN register_episode AS written USING (source_id)
WHERE browsed_row.source_id = $source_id;
