-- What the rows of `ledger.sql` carry, one for each of them and in its order ($classes, empty = all). A team or a worker
-- tells where somebody lives: nothing is told of the restricted.
SELECT CASE WHEN restricted.person_no IS NULL THEN episode.carried END AS carried
FROM ledger_row AS row
JOIN register_episode AS episode ON episode.rowid = row.row_no
LEFT JOIN restricted_person AS restricted ON restricted.person_no = row.person_no
WHERE len($classes::VARCHAR[]) = 0 OR list_contains($classes::VARCHAR[], row.class)
ORDER BY row.source_id;
