-- Rows that lack in the newest state remembered of a period ($period, $period_start, $period_end) and were not sent as they stand
-- there; null while nothing of the period was sent. Ends that both lie after the period are no difference, and a row that the
-- register calls otherwise now is none either. Needs `delivery_of_period`. Who came after whom by the settings: $kinds (organisers,
-- ids), $olds, $news.
WITH standing_run AS (
    -- States seen under a load that was taken back were never so.
    SELECT max(run.number) AS number
    FROM remembered_run AS run
    LEFT JOIN register_load AS load ON load.number = run.load
    WHERE run.period_start = $period_start AND run.period_end = $period_end AND load.undone_at IS NULL
),
seen AS (
    SELECT remembered_row.*
    FROM remembered_row
    JOIN standing_run
        ON  remembered_row.since_run <= standing_run.number
        AND coalesce(remembered_row.until_run > standing_run.number, true)
    WHERE period_start = $period_start AND period_end = $period_end AND class <> 'excluded'
),
delivered AS (
    SELECT number, coalesce(place, number) AS place
    FROM delivery_of_period
    WHERE sent_at IS NOT NULL
      AND (period_now = $period OR (unstated AND period_start = $period_start AND period_end = $period_end))
),
told AS (
    SELECT
        delivery_row.*,
        -- total: a delivery tells of a row once, and has one number
        row_number() OVER (PARTITION BY delivery_row.source_id ORDER BY delivered.place DESC, delivered.number DESC) AS turn,
        delivered.place
    FROM delivered
    JOIN delivery_row USING (number)
    ANTI JOIN delivery_returned AS returned
        ON returned.number = delivery_row.number
        AND returned.part = delivery_row.part
        AND returned.source_id = delivery_row.source_id
    WHERE delivery_row.part = 'episodes'
),
retold AS (
    -- A row that was told again under a new name is not told under its old one any more.
    SELECT former_source_id AS source_id, max((place, number)) AS last
    FROM told
    WHERE former_source_id IS NOT NULL
    GROUP BY former_source_id
),
held AS (
    SELECT told.* EXCLUDE (turn, place)
    FROM told
    LEFT JOIN retold USING (source_id)
    WHERE turn = 1 AND change <> 'withdrawn' AND coalesce(retold.last < (told.place, told.number), true)
),
after AS (
    SELECT unnest($kinds::VARCHAR[]) AS kind, unnest($olds::VARCHAR[]) AS old, unnest($news::VARCHAR[]) AS new
),
organiser_now AS (
    -- Who answers by now for an organiser that a row names.
    SELECT
        named.organiser,
        -- total: an old name stands once in its kind, and of two that begin a name one is the longer
        coalesce(max_by(after.new || named.organiser[len(after.old) + 1:], len(after.old)), named.organiser) AS now
    FROM (SELECT organiser FROM seen UNION SELECT organiser FROM held) AS named
    LEFT JOIN after
        ON  after.kind = 'organisers'
        AND (named.organiser = after.old OR starts_with(named.organiser, after.old || '.'))
    GROUP BY named.organiser
),
here AS (
    SELECT seen.*, organiser_now.now AS organiser_now
    FROM seen
    LEFT JOIN organiser_now USING (organiser)
),
sent AS (
    SELECT held.*, organiser_now.now AS organiser_now
    FROM held
    LEFT JOIN organiser_now USING (organiser)
),
numbered_anew AS (
    SELECT sent.source_id AS was, here.source_id
    FROM sent
    JOIN after ON after.kind = 'ids' AND after.old = sent.source_id
    JOIN here ON here.source_id = after.new
    ANTI JOIN here AS still ON still.source_id = sent.source_id
    ANTI JOIN sent AS before ON before.source_id = after.new
    -- total: a name stands once; of several that became one row the first goes on as it
    QUALIFY row_number() OVER (PARTITION BY here.source_id ORDER BY sent.source_id) = 1
),
left_off AS (
    SELECT
        sent.*,
        -- total: a name stands once
        row_number() OVER (
            PARTITION BY identity_key, layer, service_task, organiser_now, start_text ORDER BY source_id
        ) AS place
    FROM sent
    ANTI JOIN here USING (source_id)
    ANTI JOIN numbered_anew ON numbered_anew.was = sent.source_id
),
come AS (
    SELECT
        here.*,
        -- total: a name stands once
        row_number() OVER (
            PARTITION BY identity_key, layer, service_task, organiser_now, start_text ORDER BY source_id
        ) AS place
    FROM here
    ANTI JOIN sent USING (source_id)
    ANTI JOIN numbered_anew USING (source_id)
),
renamed AS (
    SELECT was, source_id
    FROM numbered_anew
    UNION ALL
    SELECT left_off.source_id, come.source_id
    FROM left_off
    JOIN come
        ON  come.place = left_off.place
        AND come.identity_key = left_off.identity_key
        AND come.layer IS NOT DISTINCT FROM left_off.layer
        AND come.service_task IS NOT DISTINCT FROM left_off.service_task
        AND come.organiser_now IS NOT DISTINCT FROM left_off.organiser_now
        AND come.start_text IS NOT DISTINCT FROM left_off.start_text
),
as_it_stands AS (
    SELECT here.source_id
    FROM here
    LEFT JOIN renamed USING (source_id)
    JOIN sent
        ON  sent.source_id = coalesce(renamed.was, here.source_id)
        AND coalesce(sent.identity_key = here.identity_key, list_contains(sent.untold, 'person'))
        AND sent.layer IS NOT DISTINCT FROM here.layer
        AND sent.organiser_now IS NOT DISTINCT FROM here.organiser_now
        AND (sent.service_task IS NOT DISTINCT FROM here.service_task
            OR coalesce(list_contains(sent.untold, 'service_task'), false))
        AND sent.start_text IS NOT DISTINCT FROM here.start_text
        AND (sent.end_text IS NOT DISTINCT FROM here.end_text
            OR (coalesce(sent.end_text > $period_end::VARCHAR, true)
                AND coalesce(here.end_text > $period_end::VARCHAR, true)))
)
SELECT CASE
    WHEN EXISTS (FROM delivered) THEN (
        SELECT count(*)
        FROM here
        ANTI JOIN as_it_stands USING (source_id)
        WHERE class IN ('missing', 'partial')
    )
END AS unsent;
