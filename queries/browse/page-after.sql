-- A page of chosen rows behind the one with $after_key and $after (both empty: from the start).
SELECT
    source_id, person_key, layer, service_task, organiser, unit, producer, municipality, age_group, start, "end", class,
    reasons, days_expected, days_archived, documents, hidden, rank, sort_key
FROM chosen_row($layer, $service_task, $place_kind, $place, $classes::VARCHAR[], $reasons::VARCHAR[], $sought,
    $typed::STRUCT(word VARCHAR, codes VARCHAR[])[], $groups::STRUCT(name VARCHAR, value VARCHAR)[], $ordering)
WHERE sort_key > $after_key OR (sort_key = $after_key AND source_id > $after)
ORDER BY sort_key, source_id
-- total: a source_id stands once
LIMIT $page;
