-- A page of chosen rows behind the one with $after_rank and $after (rank 0: from the start).
SELECT
    source_id, person_key, layer, service_task, organiser, unit, producer, municipality, age_group, start, "end", class,
    reasons, days_expected, days_archived, documents, hidden, rank
FROM chosen_row($layer, $service_task, $place_kind, $place, $classes::VARCHAR[], $reasons::VARCHAR[], $sought)
WHERE rank > $after_rank OR (rank = $after_rank AND source_id > $after)
ORDER BY rank, source_id
-- total: a source_id stands once
LIMIT $page;
