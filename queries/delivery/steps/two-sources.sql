-- The follow-up register is formed from two sources: how many of its rows each of them brings.
SELECT
    layer,
    service_task,
    count(*)                                       AS rows,
    count(*) FILTER (status = 'archived')          AS kanta,
    count(*) FILTER (status IN ('double', 'double-differs'))     AS both,
    count(*) FILTER (status IN ('delivered', 'ended-since', 'renamed')) AS delivery,
    count(*) FILTER (status IN ('new', 'changed')) AS neither,
    count(*) FILTER (status = 'undetermined')      AS undetermined
FROM delivery_status
WHERE part = 'episodes' AND status NOT IN ('excluded', 'withdrawn', 'refused', 'forgotten')
GROUP BY layer, service_task
ORDER BY layer, service_task;
