-- Sums that must tie. Returns a row for each that does not: the figure's name and its two values.
WITH tie AS (
    SELECT 'episodes of the period and ledger rows' AS what,
           (SELECT count(*) FROM numbered_episode) AS one, (SELECT count(*) FROM ledger_row) AS other
    UNION ALL
    SELECT 'ledger rows and distinct register rows',
           (SELECT count(*) FROM ledger_row), (SELECT count(DISTINCT source_id) FROM ledger_row)
    UNION ALL
    SELECT 'ledger rows and rows of the five classes',
           (SELECT count(*) FROM ledger_row),
           (SELECT count(*) FROM ledger_row
            WHERE class IN ('excluded', 'undetermined', 'archived', 'partial', 'missing'))
    UNION ALL
    SELECT 'rows to explain and rows with a reason',
           (SELECT count(*) FROM ledger_row WHERE class <> 'archived'),
           (SELECT count(*) FROM ledger_row WHERE class <> 'archived' AND len(reasons) > 0)
    UNION ALL
    SELECT 'reasons found and reasons with a place in the order',
           (SELECT count(*) FROM (SELECT DISTINCT row_no, reason FROM reason_found))
           + (SELECT coalesce(sum(len(reasons)), 0) FROM classified),
           (SELECT count(*) FROM numbered_reason)
    UNION ALL
    SELECT 'documents and documents with a standing',
           (SELECT count(*) FROM document),
           (SELECT count(*) FROM numbered_standing
            WHERE standing IN ('current', 'superseded', 'voided', 'after-as-of'))
    UNION ALL
    SELECT 'services of the period and rows of the services ledger',
           (SELECT count(*) FROM service_row), (SELECT count(*) FROM service_ledger)
    UNION ALL
    SELECT 'rows of the services ledger and distinct register rows',
           (SELECT count(*) FROM service_ledger), (SELECT count(DISTINCT source_id) FROM service_ledger)
    UNION ALL
    SELECT 'rows of the services ledger and its rows with a class that fits their reason',
           (SELECT count(*) FROM service_ledger),
           (SELECT count(*) FROM service_ledger
            WHERE (class = 'archived' AND reason IS NULL)
               OR (class IN ('excluded', 'undetermined', 'missing') AND reason IS NOT NULL))
    UNION ALL
    SELECT 'archived services and those with a document',
           (SELECT count(*) FROM service_ledger WHERE class = 'archived'),
           (SELECT count(*) FROM service_ledger WHERE class = 'archived' AND len(documents) > 0)
    UNION ALL
    SELECT 'archived days beyond expected days, and none',
           (SELECT count(*) FROM ledger_row WHERE days_archived > days_expected), 0
)
SELECT what, one, other FROM tie WHERE one <> other;
