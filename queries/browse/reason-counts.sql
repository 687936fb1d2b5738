-- How many chosen rows carry each reason, in the order in which reasons are told.
WITH carried AS (
    SELECT unnest(reasons) AS reason
    FROM chosen_row($layer, $service_task, $place_kind, $place, $classes::VARCHAR[], $reasons::VARCHAR[], $sought,
    $typed::STRUCT(word VARCHAR, codes VARCHAR[])[], $groups::STRUCT(name VARCHAR, value VARCHAR)[], $ordering)
)
SELECT carried.reason, count(*) AS rows
FROM carried
JOIN reason_order USING (reason)
GROUP BY carried.reason, reason_order.rank
ORDER BY reason_order.rank;
