-- What the receiver holds by now: the newest telling of each row in the deliveries of this period, unless withdrawn.
-- Deliveries marked as sent count; while none of the period is marked, every one that was written counts.
-- Their order is that of writing: of an adopted one its number in the database that wrote it; where this database has
-- given the number too, it did so later.
CREATE OR REPLACE TEMP TABLE period_delivery AS
SELECT
    delivery.*,
    delivery.sent_at IS NOT NULL OR NOT bool_or(delivery.sent_at IS NOT NULL) OVER () AS counts,
    -- total: a delivery has one number
    row_number() OVER (ORDER BY coalesce(place, number), adopted_at IS NULL, number)   AS turn
FROM delivery_of_period AS delivery
CROSS JOIN run
WHERE delivery.period_now = run.period_id
   OR (delivery.unstated AND delivery.period_start = run.period_start AND delivery.period_end = run.period_end);

CREATE OR REPLACE TEMP TABLE told_row AS
WITH told AS (
    SELECT delivery_row.*, delivery.turn
    FROM delivery_row
    JOIN period_delivery AS delivery USING (number)
    -- What the receiver did not take was not delivered.
    ANTI JOIN delivery_returned AS returned
        ON  returned.number = delivery_row.number
        AND returned.part = delivery_row.part
        AND returned.source_id = delivery_row.source_id
    WHERE delivery.counts
),
newest AS (
    SELECT *
    FROM told
    -- total: a delivery tells of a row once, and has its own turn
    QUALIFY row_number() OVER (PARTITION BY part, source_id ORDER BY turn DESC) = 1
),
retold AS (
    -- A row that was told again under a new name is not told under its old one any more.
    SELECT part, former_source_id AS source_id, max(turn) AS turn
    FROM told
    WHERE former_source_id IS NOT NULL
    GROUP BY part, former_source_id
)
SELECT newest.* EXCLUDE (turn), organiser_now.now AS organiser_now
FROM newest
LEFT JOIN organiser_now USING (organiser)
LEFT JOIN retold USING (part, source_id)
WHERE newest.change <> 'withdrawn' AND coalesce(retold.turn < newest.turn, true);

-- Rows that the register calls otherwise now: a delivered row that is not there any more, and one that was never delivered. The
-- settings say which they are; else they are of the same person, layer, task, organiser and start. Where there are several, one for
-- one in the order of their names.
CREATE OR REPLACE TEMP TABLE renamed_row AS
WITH numbered_anew AS (
    SELECT told.part, told.source_id AS former_source_id, here.source_id
    FROM told_row AS told
    JOIN succession ON succession.kind = 'ids' AND succession.old = told.source_id
    JOIN delivery_candidate AS here ON here.part = told.part AND here.source_id = succession.new AND here.class <> 'excluded'
    ANTI JOIN delivery_candidate AS still ON still.part = told.part AND still.source_id = told.source_id
    ANTI JOIN told_row AS before ON before.part = told.part AND before.source_id = succession.new
    -- total: a name stands once in a part; of several that became one row the first goes on as it
    QUALIFY row_number() OVER (PARTITION BY told.part, here.source_id ORDER BY told.source_id) = 1
),
left_off AS (
    SELECT
        told.*,
        -- total: a name stands once in a part
        row_number() OVER (
            PARTITION BY part, identity_key, layer, kind, service_task, social_service, organiser_now, start_text
            ORDER BY source_id
        ) AS place
    FROM told_row AS told
    ANTI JOIN delivery_candidate AS here USING (part, source_id)
    ANTI JOIN refused_id AS refused ON refused.kind = told.part AND refused.source_id = told.source_id
    ANTI JOIN numbered_anew AS anew ON anew.part = told.part AND anew.former_source_id = told.source_id
),
come AS (
    SELECT
        here.*,
        -- total: a name stands once in a part
        row_number() OVER (
            PARTITION BY part, identity_key, layer, kind, service_task, social_service, organiser_now, start
            ORDER BY source_id
        ) AS place
    FROM delivery_candidate AS here
    ANTI JOIN told_row AS told USING (part, source_id)
    ANTI JOIN numbered_anew AS anew USING (part, source_id)
    WHERE class <> 'excluded'
)
SELECT part, former_source_id, source_id
FROM numbered_anew
UNION ALL
SELECT left_off.part, left_off.source_id, come.source_id
FROM left_off
JOIN come
    ON  come.part = left_off.part
    AND come.place = left_off.place
    AND come.identity_key = left_off.identity_key
    AND come.layer IS NOT DISTINCT FROM left_off.layer
    AND come.kind IS NOT DISTINCT FROM left_off.kind
    AND come.service_task IS NOT DISTINCT FROM left_off.service_task
    AND come.social_service IS NOT DISTINCT FROM left_off.social_service
    AND come.organiser_now IS NOT DISTINCT FROM left_off.organiser_now
    AND come.start IS NOT DISTINCT FROM left_off.start_text;

-- What was delivered, by the names of now.
CREATE OR REPLACE TEMP TABLE delivered_row AS
SELECT
    told.* REPLACE (coalesce(renamed.source_id, told.source_id) AS source_id, renamed.former_source_id AS former_source_id)
FROM told_row AS told
LEFT JOIN renamed_row AS renamed ON renamed.part = told.part AND renamed.former_source_id = told.source_id;
