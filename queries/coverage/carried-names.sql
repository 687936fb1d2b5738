-- The county's own columns (`x_…`) that rows of the period carry.
SELECT DISTINCT unnest(json_keys(episode.carried)) AS name
FROM ledger_row AS row
JOIN register_episode AS episode ON episode.rowid = row.row_no
WHERE episode.carried IS NOT NULL
ORDER BY name;
