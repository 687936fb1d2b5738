-- What profiles read. None of them holds an identifier: those are joined to a profile's rows last. A source_id that holds
-- one stands here by its mask, which follows the database's secret; `place` is the order of the names as the register
-- wrote them, the same in every database.
CREATE OR REPLACE TEMP TABLE numbered_place AS
SELECT
    told.part,
    told.source_id,
    -- total: a name stands once in a part
    row_number() OVER (ORDER BY told.part, coalesce(raw.value, told.source_id), told.source_id) AS place
FROM row_to_deliver AS told
LEFT JOIN person_identity AS raw ON raw.identity_key = told.source_id AND raw.root = 'source-id';

CREATE OR REPLACE TEMP TABLE episode_to_deliver AS
SELECT
    source_id, layer, identity_key, organiser, unit, municipality, service_task, service_task_key, start, "end", change, place
FROM row_to_deliver
JOIN numbered_place USING (part, source_id)
WHERE part = 'episodes' AND change <> 'withdrawn';

CREATE OR REPLACE TEMP TABLE service_to_deliver AS
SELECT
    source_id, kind, identity_key, organiser, service_task, service_task_key, social_service, decided, start, "end", change, place
FROM row_to_deliver
JOIN numbered_place USING (part, source_id)
WHERE part = 'services' AND change <> 'withdrawn';

-- `former_source_id`: the name that the receiver has, where the row has another now.
CREATE OR REPLACE TEMP TABLE correction_to_deliver AS
SELECT
    part, source_id, former_source_id, layer, kind, identity_key, organiser, service_task, service_task_key, social_service, decided, start,
    "end", change, place
FROM row_to_deliver
JOIN numbered_place USING (part, source_id);
