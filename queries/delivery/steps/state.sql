-- Fingerprint of what was compared: the ledger's rows with class and dates, whatever their order.
SELECT
    lpad(to_hex(coalesce(bit_xor(md5_number_lower(concat_ws(
        chr(31), source_id, class, layer, service_task, organiser, start, coalesce("end", '')))), 0)), 16, '0') AS ledger,
    (SELECT count(*) FROM document)         AS documents,
    (SELECT count(*) FROM register_episode) AS register_rows
FROM ledger;
