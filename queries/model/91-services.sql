-- The supplementary part: decisions and services of the register against what current documents tell of services.
-- Classes as in the ledger, without partial: a decision or a service is evidenced, or it is not.
CREATE OR REPLACE TEMP TABLE service_row AS
WITH dated AS (
    -- A negative decision is one day; a service, or a decision in force, goes on until it ends.
    SELECT
        service.*,
        coalesce(service.start_lo, service.decided_lo) AS first_lo,
        coalesce(service.start_hi, service.decided_hi) AS first_hi,
        CASE WHEN service.kind = 'decision-negative' THEN coalesce(service.end_lo, service.decided_lo, service.start_lo)
             ELSE coalesce(service.end_lo, run.open_end) END AS last_lo,
        CASE WHEN service.kind = 'decision-negative' THEN coalesce(service.end_hi, service.decided_hi, service.start_hi)
             ELSE coalesce(service.end_hi, run.open_end) END AS last_hi
    FROM register_service AS service
    CROSS JOIN run
)
SELECT
    dated.*,
    coalesce(person_link.person_key, dated.identity_key)           AS person_key,
    organiser_of.organiser                                         AS match_organiser,
    organiser_of.in_scope,
    written.service_task                                           AS match_task,
    coalesce(written.service_task, dated.service_task)             AS shown_task,
    dated.service_task IS NULL OR written.service_task IS NOT NULL AS resolved,
    coalesce(task.family_law, false)                               AS family_law,
    coalesce(task.in_register, true)                               AS in_register
FROM dated
CROSS JOIN run
JOIN organiser_of ON organiser_of.oid = dated.organiser
LEFT JOIN person_link USING (identity_key)
LEFT JOIN written_service_task AS written ON written.written = dated.service_task
LEFT JOIN service_task AS task ON task.service_task = written.service_task
WHERE dated.first_lo IS NULL
   OR (least(dated.first_lo, dated.last_lo) <= run.period_end
       AND greatest(dated.first_hi, dated.last_hi) >= run.period_start);

-- What current documents tell of those persons. A document without a task of its own speaks for the tasks of its
-- header. An entry is evidence of its own day, a plan or a start until it ends, an end of the time before it.
CREATE OR REPLACE TEMP TABLE service_found AS
WITH about AS (
    SELECT DISTINCT person_document.document_key, person_document.person_key, person_document.organiser
    FROM person_document
    SEMI JOIN service_row USING (person_key)
    WHERE person_document.standing = 'current'
),
told AS (
    SELECT
        service_evidence.* EXCLUDE (kind),
        about.person_key,
        about.organiser,
        service_evidence.kind = 'entry' AS is_entry,
        CASE
            WHEN service_evidence.kind <> 'decision' THEN 'service'
            WHEN service_evidence.outcome = '1' THEN 'decision-positive'
            WHEN service_evidence.outcome = '2' THEN 'decision-negative'
        END AS kind
    FROM service_evidence
    JOIN about USING (document_key)
),
evidence AS (
    -- Only kinds that the register tells of the person: tasks and names are made out for few rows instead of for all.
    SELECT told.*
    FROM told
    SEMI JOIN service_row
        ON  service_row.person_key = told.person_key
        AND service_row.match_organiser = told.organiser
        AND service_row.kind = told.kind
),
header_task AS (
    SELECT document_task.document_key, task.service_task
    FROM document_task
    SEMI JOIN evidence USING (document_key)
    JOIN document_service_task AS task
        ON  task.task_system IS NOT DISTINCT FROM document_task.task_system
        AND task.task_code IS NOT DISTINCT FROM document_task.task_code
        AND task.task_display IS NOT DISTINCT FROM document_task.task_display
    WHERE task.resolved
)
SELECT
    evidence.person_key,
    evidence.organiser,
    document.oid,
    evidence.kind,
    coalesce(own.service_task, header_task.service_task)   AS service_task,
    evidence.service_code,
    plain_name(evidence.service_display)                   AS service_name,
    evidence.decided_lo,
    evidence.decided_hi,
    coalesce(evidence.start_lo, evidence.decided_lo,
             CASE WHEN evidence.end_lo IS NULL THEN document.effective_at::DATE ELSE DATE '0001-01-01' END) AS first_lo,
    coalesce(evidence.start_hi, evidence.decided_hi,
             CASE WHEN evidence.end_lo IS NULL THEN document.effective_at::DATE ELSE DATE '0001-01-01' END) AS first_hi,
    CASE WHEN evidence.is_entry AND evidence.end_lo IS NULL THEN first_lo
         ELSE coalesce(evidence.end_lo, run.open_end) END  AS last_lo,
    CASE WHEN evidence.is_entry AND evidence.end_hi IS NULL THEN first_hi
         ELSE coalesce(evidence.end_hi, run.open_end) END  AS last_hi
FROM evidence
CROSS JOIN run
JOIN document USING (document_key)
LEFT JOIN document_service_task AS own
    ON  own.task_system IS NOT DISTINCT FROM evidence.task_system
    AND own.task_code IS NOT DISTINCT FROM evidence.task_code
    AND own.task_display IS NOT DISTINCT FROM evidence.task_display
    AND own.resolved
LEFT JOIN header_task ON header_task.document_key = evidence.document_key AND own.service_task IS NULL;

-- Where one side names no task or no service, the other is not refused for it.
CREATE OR REPLACE TEMP TABLE service_match AS
WITH met AS (
    SELECT
        service_row.source_id,
        found.oid,
        coalesce(service_row.match_task = found.service_task, true) AS same_task,
        service_row.social_service IS NULL
            OR (found.service_code IS NULL AND found.service_name IS NULL)
            OR coalesce(trim(service_row.social_service) = found.service_code, false)
            OR coalesce(plain_name(service_row.social_service) = found.service_name, false) AS same_service,
        service_row.kind <> 'service' AND service_row.decided_lo IS NOT NULL AND found.decided_lo IS NOT NULL AS by_day,
        service_row.decided_lo <= found.decided_hi AND service_row.decided_hi >= found.decided_lo AS day_possible,
        service_row.decided_lo = found.decided_hi AND service_row.decided_hi = found.decided_lo   AS day_certain,
        found.first_lo <= service_row.last_hi AND found.last_hi >= service_row.first_lo           AS span_possible,
        found.first_hi <= service_row.last_lo AND found.last_lo >= service_row.first_hi           AS span_certain
    FROM service_row
    JOIN service_found AS found
        ON  found.person_key = service_row.person_key
        AND found.organiser = service_row.match_organiser
        AND found.kind = service_row.kind
)
SELECT
    source_id, oid, same_task, same_service,
    coalesce(CASE WHEN by_day THEN day_possible ELSE span_possible END, false) AS possible,
    coalesce(CASE WHEN by_day THEN day_certain ELSE span_certain END, false)   AS certain
FROM met;

CREATE OR REPLACE TEMP TABLE service_ledger AS
WITH matched AS (
    SELECT
        source_id,
        bool_or(same_task)                               AS any_task,
        bool_or(same_task AND same_service)              AS any_service,
        bool_or(same_task AND same_service AND possible) AS possible,
        bool_or(same_task AND same_service AND certain)  AS certain,
        list_sort(list(DISTINCT oid) FILTER (same_task AND same_service AND possible)) AS documents
    FROM service_match
    GROUP BY source_id
)
SELECT
    service_row.source_id,
    service_row.person_key,
    service_row.identity_key,
    service_row.kind,
    service_row.shown_task   AS service_task,
    service_row.social_service,
    service_row.organiser,
    service_row.decided_text AS decided,
    service_row.start_text   AS start,
    service_row.end_text     AS end,
    CASE
        WHEN family_law THEN 'excluded-family-law'
        WHEN NOT in_scope THEN 'excluded-organiser'
        WHEN NOT in_register THEN 'excluded-task'
        WHEN first_lo IS NULL THEN 'no-date'
        WHEN last_hi < first_lo THEN 'end-before-start'
        WHEN NOT resolved THEN 'unknown-service-task'
        WHEN matched.certain THEN NULL
        WHEN matched.possible THEN 'partial-date'
        WHEN matched.any_service THEN 'dates-outside'
        WHEN matched.any_task THEN 'other-service'
        WHEN matched.source_id IS NOT NULL THEN 'no-service-task'
        WHEN person_archive.person_key IS NULL THEN 'no-document'
        ELSE 'no-evidence'
    END AS reason,
    CASE
        WHEN reason IS NULL THEN 'archived'
        WHEN starts_with(reason, 'excluded-') THEN 'excluded'
        WHEN reason IN ('no-date', 'end-before-start', 'unknown-service-task', 'partial-date') THEN 'undetermined'
        ELSE 'missing'
    END AS class,
    coalesce(matched.documents, []) AS documents
FROM service_row
LEFT JOIN matched USING (source_id)
LEFT JOIN person_archive USING (person_key);
