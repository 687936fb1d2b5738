-- What the lists of work need beside the rows of `ledger.sql` of the same classes ($classes), in the same order: the
-- producer, the unit that mends by now (of one that was merged the unit after it), and whether the person is under a safety
-- restriction.
SELECT
    row.source_id,
    row.producer,
    coalesce(after.new, row.unit)    AS unit_now,
    restricted.person_no IS NOT NULL AS restricted
FROM ledger_row AS row
LEFT JOIN restricted_person AS restricted USING (person_no)
LEFT JOIN succession AS after ON after.kind = 'units' AND after.old = row.unit
WHERE list_contains($classes::VARCHAR[], row.class)
ORDER BY row.source_id;
