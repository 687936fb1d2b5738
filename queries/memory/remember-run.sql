INSERT INTO remembered_run BY NAME
SELECT
    (SELECT coalesce(max(number), 0) + 1 FROM remembered_run) AS number,
    $period AS period, $period_start AS period_start, $period_end AS period_end, $seen_at AS seen_at, $ledger AS ledger,
    $rows AS rows, $excluded AS excluded, $undetermined AS undetermined, $archived AS archived, $partial AS partial,
    $missing AS missing, $archived_only AS archived_only,
    (SELECT max(number) FROM register_load WHERE kind = 'episodes' AND undone_at IS NULL) AS load
RETURNING number;
