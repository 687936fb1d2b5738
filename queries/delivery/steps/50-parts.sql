-- What profiles read. None of them holds an identifier: those are joined to a profile's rows last.
CREATE OR REPLACE TEMP TABLE episode_to_deliver AS
SELECT source_id, layer, identity_key, organiser, unit, municipality, service_task, service_task_key, start, "end", change
FROM row_to_deliver
WHERE part = 'episodes' AND change <> 'withdrawn';

CREATE OR REPLACE TEMP TABLE service_to_deliver AS
SELECT
    source_id, kind, identity_key, organiser, service_task, service_task_key, social_service, decided, start, "end", change
FROM row_to_deliver
WHERE part = 'services' AND change <> 'withdrawn';

CREATE OR REPLACE TEMP TABLE correction_to_deliver AS
SELECT
    part, source_id, layer, kind, identity_key, organiser, service_task, service_task_key, social_service, decided, start,
    "end", change
FROM row_to_deliver;
