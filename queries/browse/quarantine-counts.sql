-- How many entries the quarantine has of each kind.
SELECT code, count(*) AS entries
FROM quarantine_listing
GROUP BY code
ORDER BY entries DESC, code;
