-- Fingerprint of what was compared: the ledger's rows with person, class and dates, whatever their order.
SELECT
    (SELECT value FROM meta WHERE key = 'database_id') AS id,
    lower(lpad(to_hex(coalesce(bit_xor(md5_number(concat_ws(
        chr(31), source_id, class, layer, service_task, organiser, identity_key, start, coalesce("end", '')))), 0)), 32, '0'))
                                                       AS ledger,
    (SELECT count(*) FROM document)                    AS documents,
    (SELECT count(*) FROM register_episode)            AS register_rows
FROM ledger_row;
