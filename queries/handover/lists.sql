-- The newest load that stands of each list of the register, by kind and source.
SELECT kind, source, number, loaded_at
FROM register_load
WHERE undone_at IS NULL
-- total: a load has one number
QUALIFY row_number() OVER (PARTITION BY kind, source ORDER BY number DESC) = 1
ORDER BY kind, source;
