-- Sums of the ledger of services that must tie. Returns a row for each that does not: the figure's name and its two values.
WITH tie AS (
    SELECT 'services of the period and rows of the services ledger' AS what,
           (SELECT count(*) FROM service_row) AS one, (SELECT count(*) FROM service_ledger) AS other
    UNION ALL
    SELECT 'rows of the services ledger and distinct register rows',
           (SELECT count(*) FROM service_ledger), (SELECT count(DISTINCT source_id) FROM service_ledger)
    UNION ALL
    SELECT 'rows of the services ledger and its rows with a class that fits their reason',
           (SELECT count(*) FROM service_ledger),
           (SELECT count(*) FROM service_ledger
            WHERE (class = 'archived' AND coalesce(reason = 'not-acknowledged', true))
               OR (class IN ('excluded', 'undetermined', 'missing') AND reason IS NOT NULL))
    UNION ALL
    SELECT 'archived services and those with a document',
           (SELECT count(*) FROM service_ledger WHERE class = 'archived'),
           (SELECT count(*) FROM service_ledger WHERE class = 'archived' AND len(documents) > 0)
)
SELECT what, one, other FROM tie WHERE one <> other;
