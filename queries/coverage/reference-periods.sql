-- What periods the county's list of published figures speaks of.
SELECT period, count(*) AS figures
FROM register_reference
GROUP BY period
ORDER BY period;
