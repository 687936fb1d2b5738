-- Names of sources and of the containers in them, as `forget` takes them.
SELECT DISTINCT source
FROM member
UNION
SELECT DISTINCT source || '/' || member
FROM member
WHERE outcome = 'container' AND file_key = member_key AND source <> member
ORDER BY ALL;
