-- Where each row stands between the register, the archive and the deliveries: exactly one status.
CREATE OR REPLACE TEMP VIEW delivery_status AS
WITH compared AS (
    SELECT
        coalesce(here.part, sent.part)                   AS part,
        coalesce(here.source_id, sent.source_id)         AS source_id,
        here.class,
        sent.number,
        sent.former_source_id,
        here.source_id IS NULL OR here.class = 'excluded' AS gone,
        -- It is still in the list, and nobody knows what it says there.
        here.source_id IS NULL AND refused.source_id IS NOT NULL AS refused,
        coalesce(sent.forgotten, false)                  AS forgotten,
        -- A row that is gone is told as it was delivered, every other one as it stands now.
        gone AND sent.number IS NOT NULL                 AS as_sent,
        CASE WHEN as_sent THEN sent.layer ELSE here.layer END                   AS layer,
        CASE WHEN as_sent THEN sent.kind ELSE here.kind END                     AS kind,
        CASE WHEN as_sent THEN sent.identity_key ELSE here.identity_key END     AS identity_key,
        CASE WHEN as_sent THEN sent.organiser ELSE here.organiser END           AS organiser,
        CASE WHEN as_sent THEN sent.service_task ELSE here.service_task END     AS service_task,
        CASE WHEN as_sent THEN sent.social_service ELSE here.social_service END AS social_service,
        CASE WHEN as_sent THEN sent.decided_text ELSE here.decided END          AS decided,
        CASE WHEN as_sent THEN sent.start_text ELSE here.start END              AS start,
        CASE WHEN as_sent THEN sent.end_text ELSE here."end" END                AS end,
        here.unit,
        here.municipality,
        -- Looked at only where there is a delivery: most rows have none. What an adopted folder does not tell differs not.
        CASE WHEN sent.number IS NULL THEN [] ELSE list_filter([
            CASE WHEN sent.layer IS DISTINCT FROM here.layer THEN 'layer' END,
            CASE WHEN sent.kind IS DISTINCT FROM here.kind THEN 'kind' END,
            CASE WHEN sent.identity_key IS DISTINCT FROM here.identity_key THEN 'person' END,
            CASE WHEN sent.organiser_now IS DISTINCT FROM here.organiser_now THEN 'organiser' END,
            CASE WHEN sent.service_task IS DISTINCT FROM here.service_task THEN 'service_task' END,
            CASE WHEN sent.social_service IS DISTINCT FROM here.social_service THEN 'social_service' END,
            CASE WHEN sent.decided_text IS DISTINCT FROM here.decided THEN 'decided' END,
            CASE WHEN sent.start_text IS DISTINCT FROM here.start THEN 'start' END,
            CASE WHEN sent.end_text IS DISTINCT FROM here."end" THEN 'end' END
        ], lambda field: field IS NOT NULL AND NOT list_contains(coalesce(sent.untold, []), field)) END AS differs,
        -- Both ends lie after the period, or are open: in the period nothing differs. As text, so that a partial date counts
        -- only when all of its days do.
        differs = ['end']
            AND coalesce(sent.end_text > run.period_end::VARCHAR, true)
            AND coalesce(here."end" > run.period_end::VARCHAR, true)     AS ended_since
    FROM delivery_candidate AS here
    CROSS JOIN run
    FULL JOIN delivered_row AS sent ON sent.part = here.part AND sent.source_id = here.source_id
    LEFT JOIN refused_id AS refused ON refused.kind = sent.part AND refused.source_id = sent.source_id
)
SELECT
    part,
    source_id,
    CASE
        WHEN gone AND number IS NULL THEN 'excluded'
        WHEN forgotten THEN 'forgotten'
        WHEN refused THEN 'refused'
        WHEN gone THEN 'withdrawn'
        WHEN class = 'undetermined' THEN 'undetermined'
        WHEN class = 'archived' AND number IS NULL THEN 'archived'
        WHEN class = 'archived' AND len(differs) > 0 AND NOT ended_since THEN 'double-differs'
        WHEN class = 'archived' THEN 'double'
        WHEN number IS NULL THEN 'new'
        WHEN ended_since THEN 'ended-since'
        WHEN len(differs) > 0 THEN 'changed'
        WHEN former_source_id IS NOT NULL THEN 'renamed'
        ELSE 'delivered'
    END AS status,
    CASE WHEN number IS NULL OR gone THEN [] ELSE differs END AS differs,
    class, number, former_source_id, layer, kind, identity_key, organiser, service_task, social_service, decided, start, "end", unit,
    municipality
FROM compared;
