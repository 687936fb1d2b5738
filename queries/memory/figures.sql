-- The ledger in figures, and its fingerprint: the same for the same rows, whatever their order.
SELECT
    lpad(to_hex(coalesce(bit_xor(md5_number_lower(concat_ws(
        chr(31), ledger.source_id, ledger.identity_key, ledger.layer, ledger.service_task, ledger.organiser, ledger.class,
        ledger.unit, ledger.municipality, ledger.start, coalesce(ledger."end", '')))), 0)), 16, '0') AS ledger,
    count(*)                                         AS rows,
    count(*) FILTER (ledger.class = 'excluded')      AS excluded,
    count(*) FILTER (ledger.class = 'undetermined')  AS undetermined,
    count(*) FILTER (ledger.class = 'archived')      AS archived,
    count(*) FILTER (ledger.class = 'partial')       AS partial,
    count(*) FILTER (ledger.class = 'missing')       AS missing,
    (SELECT count(*) FROM archived_only)             AS archived_only
FROM ledger_row AS ledger;
