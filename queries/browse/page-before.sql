-- A page of chosen rows before the one with $before_key and $before (a key behind all: from the end).
WITH nearest AS (
    SELECT *
    FROM chosen_row($layer, $service_task, $place_kind, $place, $classes::VARCHAR[], $reasons::VARCHAR[], $sought,
    $typed::STRUCT(word VARCHAR, codes VARCHAR[])[], $groups::STRUCT(name VARCHAR, value VARCHAR)[], $ordering)
    WHERE sort_key < $before_key OR (sort_key = $before_key AND source_id < $before)
    ORDER BY sort_key DESC, source_id DESC
    -- total: a source_id stands once
    LIMIT $page
)
SELECT
    source_id, person_key, layer, service_task, organiser, unit, producer, municipality, age_group, start, "end", class,
    reasons, days_expected, days_archived, documents, hidden, rank, sort_key
FROM nearest
ORDER BY sort_key, source_id;
