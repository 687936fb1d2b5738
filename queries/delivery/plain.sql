-- Profile "plain": rows that Kanta lacks, whole, with the register's own dates. Identifiers are joined afterwards.

-- file: service-task
SELECT source_id, identity_key, organiser, service_task, start, "end"
FROM episode_to_deliver
WHERE layer = 'service-task'
ORDER BY place;

-- file: child-protection
SELECT source_id, identity_key, organiser, start, "end"
FROM episode_to_deliver
WHERE layer = 'child-protection'
ORDER BY place;

-- file: services
SELECT source_id, identity_key, kind, organiser, service_task, social_service, decided, start, "end"
FROM service_to_deliver
ORDER BY place;

-- file: corrections
SELECT source_id, identity_key, part, change, former_source_id
FROM correction_to_deliver
ORDER BY place;
