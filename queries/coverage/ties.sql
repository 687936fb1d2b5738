-- Sums of the ledger that must tie. Returns a row for each that does not: the figure's name and its two values.
WITH neighbours AS (
    -- Islands lie apart: a day in two of them, or two that touch, would be counted twice.
    SELECT
        island_start,
        lag(island_end) OVER (  -- total: one island a start, of one reading and sureness
            PARTITION BY person_no, organiser_no, task_no, reading, sureness ORDER BY island_start
        ) AS before_end
    FROM numbered_island
),
tie AS (
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
    SELECT 'documents, and documents with a standing and copies of them',
           (SELECT count(*) FROM document),
           (SELECT count(*) FROM numbered_standing
            WHERE standing IN
                ('current', 'superseded', 'voided', 'refused', 'not-acknowledged', 'after-as-of'))
           + (SELECT count(*) FROM document_copy)
    UNION ALL
    SELECT 'documents with an answer or none and documents that exist',
           (SELECT count(*) FROM numbered_standing AS one
            LEFT JOIN document_acknowledgement AS told ON told.document_no = one.document_no AND NOT told.at_last
            WHERE one.standing <> 'after-as-of'),
           (SELECT count(*) FROM numbered_standing WHERE standing <> 'after-as-of')
    UNION ALL
    SELECT 'islands of archived days and islands that lie apart',
           (SELECT count(*) FROM neighbours),
           (SELECT count(*) FROM neighbours WHERE coalesce(before_end + 1 < island_start, true))
    UNION ALL
    SELECT 'archived days beyond expected days, and none',
           (SELECT count(*) FROM ledger_row WHERE days_archived > days_expected), 0
    UNION ALL
    SELECT 'ledger rows and rows whose days fit their class',
           (SELECT count(*) FROM ledger_row),
           (SELECT count(*) FROM ledger_row
            WHERE CASE class
                WHEN 'archived' THEN days_archived = days_expected AND days_expected > 0
                WHEN 'partial' THEN days_archived BETWEEN 1 AND days_expected - 1
                WHEN 'missing' THEN days_archived = 0 AND days_expected > 0
                ELSE days_archived = 0 AND days_expected = 0
            END)
)
SELECT what, one, other FROM tie WHERE one <> other;
