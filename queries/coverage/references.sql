-- Published figures of the period beside own counts: a row for each figure of the county's list `reference` that speaks of
-- $periods. Own counts are of the register's rows of the period that are not excluded, whatever their class.
WITH counted AS (
    SELECT
        layer,
        service_task,
        municipality,
        GROUPING(service_task) = 1 AS every_task,
        GROUPING(municipality) = 1 AS every_municipality,
        count(*)                   AS episodes,
        count(DISTINCT person_key) AS clients
    FROM ledger_row
    WHERE class <> 'excluded'
    GROUP BY GROUPING SETS (
        (layer), (layer, service_task), (layer, municipality), (layer, service_task, municipality)
    )
),
published AS (
    SELECT
        reference.*,
        written.service_task                                                    AS match_task,
        reference.service_task IS NOT NULL AND written.service_task IS NULL     AS unknown_task
    FROM register_reference AS reference
    LEFT JOIN written_service_task AS written ON written.written = reference.service_task
    WHERE list_contains($periods::VARCHAR[], reference.period)
)
SELECT
    published.period,
    published.layer,
    coalesce(published.match_task, published.service_task) AS service_task,
    published.municipality,
    published.indicator,
    published.value                                        AS published,
    CASE
        WHEN published.unknown_task THEN NULL
        WHEN published.indicator = 'clients' THEN coalesce(counted.clients, 0)
        ELSE coalesce(counted.episodes, 0)
    END                                                    AS own,
    published.origin
FROM published
LEFT JOIN counted
    ON  counted.layer = published.layer
    AND counted.every_task = (published.service_task IS NULL)
    AND counted.every_municipality = (published.municipality IS NULL)
    AND (counted.every_task OR counted.service_task = published.match_task)
    AND (counted.every_municipality OR counted.municipality = published.municipality)
ORDER BY
    published.layer DESC, service_task NULLS FIRST, published.municipality NULLS FIRST, published.indicator,
    published.origin NULLS FIRST, published.period, published.value;
