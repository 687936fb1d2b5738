-- Chosen rows put together by the column $by, the largest groups first. Null: rows that have nothing there.
SELECT
    group_of($by, class, layer, service_task, reasons, municipality, unit_now, producer, age_group, organiser, start, "end",
             person_key)                                             AS value,
    count(*)                                                         AS rows,
    count(*) FILTER (class = 'missing')                              AS missing,
    count(*) FILTER (class = 'partial')                              AS partial,
    count(*) FILTER (class = 'undetermined')                         AS undetermined,
    count(*) FILTER (class = 'archived')                             AS archived,
    count(*) FILTER (class = 'excluded')                             AS excluded
FROM chosen_row($layer, $service_task, $place_kind, $place, $classes::VARCHAR[], $reasons::VARCHAR[], $sought,
    $typed::STRUCT(word VARCHAR, codes VARCHAR[])[], $groups::STRUCT(name VARCHAR, value VARCHAR)[], $ordering)
GROUP BY value
ORDER BY rows DESC, value NULLS LAST
-- total: a group stands once
LIMIT $page;
