-- Condition "period": units of the register's rows in scope that the archive knows no document of, where the register names
-- its units as the archive does (at least one of them is the same).
WITH registered AS (
    SELECT unit, count(*) AS rows
    FROM ledger_row
    WHERE class <> 'excluded' AND unit IS NOT NULL
    GROUP BY unit
),
documented AS (
    SELECT DISTINCT document.unit
    FROM numbered_standing AS standing
    JOIN document ON document.rowid = standing.document_no
    WHERE standing.standing <> 'after-as-of' AND document.unit IS NOT NULL
    UNION
    SELECT DISTINCT client_period.unit
    FROM client_period
    WHERE client_period.unit IS NOT NULL
)
SELECT registered.unit, registered.rows
FROM registered
ANTI JOIN documented USING (unit)
WHERE EXISTS (SELECT 1 FROM registered SEMI JOIN documented USING (unit))
ORDER BY registered.unit;
