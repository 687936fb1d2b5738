-- What the delivery is made of: each row to deliver, with the part of the register it belongs to and its class.
SELECT part, source_id, coalesce(layer, part) AS told_part, class, change
FROM row_to_deliver
ORDER BY part, source_id;
