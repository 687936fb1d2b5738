-- How many rows are chosen, by class.
SELECT class, count(*) AS rows
FROM chosen_row($layer, $service_task, $place_kind, $place, $classes::VARCHAR[], $reasons::VARCHAR[], $sought,
    $typed::STRUCT(word VARCHAR, codes VARCHAR[])[], $groups::STRUCT(name VARCHAR, value VARCHAR)[], $ordering)
GROUP BY class, rank
ORDER BY rank;
