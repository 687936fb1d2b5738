-- The coverage table: rows, days and persons of the ledger, by the dimensions asked for.
-- A dimension not asked for is null in every cell; without any there is one cell, the totals. A unit that was merged is told as the
-- one after it, from the period in which that answers; the ledger's rows keep the register's own.
-- Parameters: $layer, $service_task, $municipality, $unit, $producer, $age_group (true = break down by it).
WITH placed AS (
    SELECT
        CASE WHEN $layer THEN layer END               AS layer,
        CASE WHEN $service_task THEN service_task END AS service_task,
        CASE WHEN $municipality THEN municipality END AS municipality,
        CASE WHEN $unit THEN coalesce(after.told, unit) END AS unit,
        CASE WHEN $producer THEN producer END         AS producer,
        CASE WHEN $age_group THEN age_group END       AS age_group,
        person_no,
        class,
        days_expected,
        days_archived
    FROM ledger_row
    LEFT JOIN succession AS after ON after.kind = 'units' AND after.old = ledger_row.unit
),
row_figures AS (
    SELECT
        layer, service_task, municipality, unit, producer, age_group,
        count(*)                                      AS rows,
        count(*) FILTER (class = 'excluded')          AS excluded,
        count(*) FILTER (class = 'undetermined')      AS undetermined,
        count(*) FILTER (class = 'archived')          AS archived,
        count(*) FILTER (class = 'partial')           AS partial,
        count(*) FILTER (class = 'missing')           AS missing,
        0                                             AS archived_only,
        sum(days_expected)                            AS days_expected,
        sum(days_archived)                            AS days_archived,
        0                                             AS persons_expected,
        0                                             AS persons_archived
    FROM placed
    GROUP BY ALL
),
person AS (
    -- A person is expected with a row that could be archived, and archived when every row in scope is.
    SELECT
        layer, service_task, municipality, unit, producer, age_group, person_no,
        bool_or(class IN ('archived', 'partial', 'missing')) AS expected,
        bool_and(class = 'archived')                         AS archived
    FROM placed
    WHERE class <> 'excluded'
    GROUP BY ALL
),
person_figures AS (
    SELECT
        layer, service_task, municipality, unit, producer, age_group,
        0, 0, 0, 0, 0, 0, 0, 0, 0,
        count(*) FILTER (expected),
        count(*) FILTER (archived)
    FROM person
    GROUP BY ALL
),
archived_only_figures AS (
    SELECT
        CASE WHEN $layer THEN layer END               AS layer,
        CASE WHEN $service_task THEN service_task END AS service_task,
        CASE WHEN $municipality THEN municipality END AS municipality,
        NULL                                          AS unit,
        NULL                                          AS producer,
        CASE WHEN $age_group THEN age_group END       AS age_group,
        0, 0, 0, 0, 0, 0,
        count(*),
        0, 0, 0, 0
    FROM archived_only
    GROUP BY ALL
),
figures AS (
    SELECT * FROM row_figures
    UNION ALL
    SELECT * FROM person_figures
    UNION ALL
    SELECT * FROM archived_only_figures
)
SELECT
    layer, service_task, municipality, unit, producer, age_group,
    sum(rows)::BIGINT             AS rows,
    sum(excluded)::BIGINT         AS excluded,
    sum(undetermined)::BIGINT     AS undetermined,
    sum(archived)::BIGINT         AS archived,
    sum(partial)::BIGINT          AS partial,
    sum(missing)::BIGINT          AS missing,
    sum(archived_only)::BIGINT    AS archived_only,
    sum(days_expected)::BIGINT    AS days_expected,
    sum(days_archived)::BIGINT    AS days_archived,
    sum(persons_expected)::BIGINT AS persons_expected,
    sum(persons_archived)::BIGINT AS persons_archived
FROM figures
GROUP BY layer, service_task, municipality, unit, producer, age_group
ORDER BY layer NULLS LAST, service_task NULLS LAST, municipality NULLS LAST, unit NULLS LAST, producer NULLS LAST,
         age_group NULLS LAST;
