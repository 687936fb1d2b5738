-- Profile "plain", supplementary part on request: the register's decisions and services of the period for which the
-- archive has no evidence of the same person, organiser and kind that overlaps them in time.
WITH wanted AS (
    SELECT
        service.*,
        coalesce(person_link.person_key, service.identity_key) AS person_key,
        organiser_of.organiser                                 AS organiser_name,
        coalesce(written.service_task, service.service_task)   AS task,
        coalesce(service.start_lo, service.decided_lo)         AS first_day,
        coalesce(service.end_hi, run.open_end)                 AS last_day
    FROM register_service AS service
    CROSS JOIN run
    JOIN organiser_of ON organiser_of.oid = service.organiser AND organiser_of.in_scope
    LEFT JOIN person_link USING (identity_key)
    LEFT JOIN written_service_task AS written ON written.written = service.service_task
    LEFT JOIN service_task ON service_task.service_task = written.service_task
    WHERE coalesce(service.start_lo, service.decided_lo) <= run.period_end
      AND coalesce(service.end_hi, run.open_end) >= run.period_start
      AND coalesce(service_task.in_register AND NOT service_task.family_law, true)
),
archived AS (
    SELECT
        person_document.person_key,
        person_document.organiser,
        CASE
            WHEN evidence.kind <> 'decision' THEN 'service'
            WHEN evidence.outcome = '1' THEN 'decision-positive'
            WHEN evidence.outcome = '2' THEN 'decision-negative'
        END                                                           AS kind,
        evidence.service_code,
        coalesce(evidence.start_lo, evidence.decided_lo)              AS first_day,
        coalesce(evidence.end_hi, DATE '9999-12-31')                  AS last_day
    FROM service_evidence AS evidence
    JOIN person_document USING (document_key)
    WHERE person_document.standing = 'current'
)
SELECT
    wanted.source_id,
    identity.value AS person_id,
    identity.root  AS person_id_root,
    wanted.kind,
    wanted.organiser,
    wanted.task    AS service_task,
    wanted.social_service,
    wanted.decided_text AS decided,
    wanted.start_text   AS start,
    wanted.end_text     AS "end"
FROM wanted
LEFT JOIN person_identity AS identity USING (identity_key)
ANTI JOIN archived
    ON  archived.person_key = wanted.person_key
    AND archived.organiser = wanted.organiser_name
    AND archived.kind = wanted.kind
    AND coalesce(wanted.social_service = archived.service_code, true)
    AND archived.first_day <= wanted.last_day
    AND archived.last_day >= wanted.first_day
ORDER BY wanted.source_id;
