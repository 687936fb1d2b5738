-- As `carried-names.sql`, of decisions and services.
SELECT DISTINCT unnest(json_keys(service.carried)) AS name
FROM service_ledger AS ledger
JOIN register_service AS service USING (source_id)
WHERE service.carried IS NOT NULL
ORDER BY name;
