-- What became of a row that was ever delivered, in order: the loads that brought, changed or ended it, the deliveries with its class
-- at that moment, when they were sent, what the receiver answered, and the closings of its periods. A row that was called
-- otherwise is followed by all its names. Of a row that was never delivered nothing is told here: moments are no facts of the input.
WITH RECURSIVE renamed AS (
    SELECT former_source_id AS old, source_id AS new FROM delivery_row WHERE former_source_id IS NOT NULL
    UNION
    SELECT old, new FROM succession WHERE kind = 'ids'
),
name (source_id) AS (
    SELECT id FROM traced
    UNION
    SELECT CASE WHEN renamed.old = name.source_id THEN renamed.new ELSE renamed.old END
    FROM name
    JOIN renamed ON name.source_id IN (renamed.old, renamed.new)
),
told AS (
    SELECT delivery_row.* FROM delivery_row SEMI JOIN name USING (source_id)
),
version AS (
    -- What the register said of it, with the load that brought it and what a later load made of it.
    SELECT source_id, load, start_text, end_text, organiser, NULL::INTEGER AS left_by, NULL::VARCHAR AS became
    FROM register_episode
    UNION ALL
    SELECT source_id, load, start_text, end_text, organiser, NULL, NULL
    FROM register_service
    UNION ALL
    SELECT
        source_id, (content ->> 'load')::INTEGER, content ->> 'start_text', content ->> 'end_text', content ->> 'organiser',
        load, change
    FROM register_history
    WHERE relation IN ('register_episode', 'register_service')
),
loaded AS (
    SELECT
        load.loaded_at AS moment, 1 AS rank, 'loaded' AS event, load.number, load.os_user, NULL::VARCHAR AS period,
        version.source_id, NULL::VARCHAR AS change, NULL::VARCHAR AS class, version.organiser, version.start_text AS started,
        version.end_text AS ended, load.file AS detail
    FROM version
    SEMI JOIN name USING (source_id)
    JOIN register_load AS load ON load.number = version.load
    UNION ALL
    SELECT
        load.loaded_at, 2, version.became, load.number, load.os_user, NULL, version.source_id, NULL, NULL, version.organiser,
        version.start_text, version.end_text, load.file
    FROM version
    SEMI JOIN name USING (source_id)
    JOIN register_load AS load ON load.number = version.left_by
    WHERE version.became IN ('gone', 'refused')
),
delivered AS (
    SELECT
        delivery.written_at, 3, 'delivered', delivery.number, delivery.written_by, delivery.period, told.source_id, told.change,
        state.class, told.organiser, told.start_text, told.end_text, told.file
    FROM told
    JOIN delivery USING (number)
    LEFT JOIN remembered_run AS run ON run.number = delivery.run
    LEFT JOIN remembered_row AS state
        ON  state.period_start = run.period_start
        AND state.period_end = run.period_end
        AND state.since_run <= run.number
        AND coalesce(state.until_run > run.number, true)
        AND state.source_id = told.source_id
        AND told.part = 'episodes'
    UNION ALL
    SELECT
        delivery.sent_at, 4, 'sent', delivery.number, delivery.sent_by, delivery.period, told.source_id, NULL, NULL, NULL, NULL,
        NULL, NULL
    FROM told
    JOIN delivery USING (number)
    WHERE delivery.sent_at IS NOT NULL
    UNION ALL
    SELECT
        receipt.kept_at, 5,
        CASE WHEN returned.source_id IS NULL THEN 'answered' ELSE 'not-taken' END,
        delivery.number, receipt.os_user, delivery.period, told.source_id, NULL, NULL, NULL, NULL, NULL, receipt.receipt
    FROM told
    JOIN delivery USING (number)
    JOIN delivery_receipt AS receipt USING (number)
    LEFT JOIN delivery_returned AS returned
        ON returned.number = told.number AND returned.part = told.part AND returned.source_id = told.source_id
),
closed AS (
    SELECT
        closing.closed_at, 6, 'closed', closing.number, closing.os_user, closing.period, state.source_id, NULL, state.class,
        state.organiser, state.start_text, state.end_text, NULL
    FROM period_closing AS closing
    JOIN remembered_run AS run ON run.number = closing.run
    JOIN remembered_row AS state
        ON  state.period_start = run.period_start
        AND state.period_end = run.period_end
        AND state.since_run <= run.number
        AND coalesce(state.until_run > run.number, true)
    SEMI JOIN name ON name.source_id = state.source_id
),
story AS (
    SELECT * FROM loaded
    UNION ALL
    SELECT * FROM delivered
    UNION ALL
    SELECT * FROM closed
)
SELECT
    strftime(moment, '%Y-%m-%dT%H:%M:%S') AS "at", event, number, os_user AS "by", period, source_id, change, class, organiser,
    started AS start, ended AS "end", detail
FROM story
WHERE EXISTS (FROM told)
ORDER BY moment, rank, number, source_id, change, started, ended, detail;
