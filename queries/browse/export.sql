-- All chosen rows, for a file.
SELECT
    source_id, person_key, layer, service_task, organiser, unit, municipality, start, "end", class, reasons,
    days_expected, days_archived, documents
FROM chosen_row($layer, $service_task, $place_kind, $place, $classes::VARCHAR[], $reasons::VARCHAR[], $sought,
    $typed::STRUCT(word VARCHAR, codes VARCHAR[])[], $groups::STRUCT(name VARCHAR, value VARCHAR)[], $ordering)
ORDER BY sort_key, source_id;
