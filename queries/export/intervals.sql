-- What archived documents say of dates, one row each dated period and person, whatever the document's standing. An open end
-- is null.
SELECT
    interval.person_key,
    interval.organiser,
    interval.layer,
    interval.service_task,
    interval.role,
    interval.unit,
    interval.start_text,
    interval.possible_start,
    interval.certain_start,
    interval.end_text,
    nullif(interval.certain_end, run.open_end)  AS certain_end,
    nullif(interval.possible_end, run.open_end) AS possible_end,
    interval.standing,
    interval.old_relationship,
    interval.oid                                AS document,
    interval.pointer                            AS place
FROM archived_interval AS interval
CROSS JOIN run
ORDER BY  -- total; what the documents say goes before person_key, which is another one in another database
    document, place, interval.layer, interval.service_task, interval.role, interval.organiser, interval.unit,
    interval.start_text, interval.possible_start, interval.certain_start,
    interval.end_text, certain_end, possible_end, interval.standing, interval.old_relationship, interval.person_key;
