-- Why rows are undetermined, and how many of them; a row may have several reasons.
SELECT reason, count(*) AS rows
FROM (SELECT unnest(reasons) AS reason FROM ledger_row WHERE class = 'undetermined')
GROUP BY reason
ORDER BY reason;
