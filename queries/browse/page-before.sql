-- A page of chosen rows before the one with $before_rank and $before (rank 9: from the end).
WITH nearest AS (
    SELECT *
    FROM chosen_row($layer, $service_task, $place_kind, $place, $classes::VARCHAR[], $reasons::VARCHAR[], $sought)
    WHERE rank < $before_rank OR (rank = $before_rank AND source_id < $before)
    ORDER BY rank DESC, source_id DESC
    -- total: a source_id stands once
    LIMIT $page
)
SELECT
    source_id, person_key, layer, service_task, organiser, unit, producer, municipality, age_group, start, "end", class,
    reasons, days_expected, days_archived, documents, hidden, rank
FROM nearest
ORDER BY rank, source_id;
