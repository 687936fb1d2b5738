-- The supplementary part: decisions and services of the register against what current documents tell of services.
-- Classes as in the ledger, without partial: a decision or a service is evidenced, or it is not.
CREATE OR REPLACE TEMP TABLE service_row AS
WITH dated AS (
    -- A negative decision is one day; a service, or a decision in force, goes on until it ends. A row without a start is in
    -- force from its decision on at the latest, but that is no start: a decision made after the fact ended before it.
    SELECT
        service.*,
        coalesce(service.start_lo, CASE WHEN service.decided_lo IS NOT NULL THEN least(service.decided_lo, service.end_lo) END)
            AS first_lo,
        coalesce(service.start_hi, CASE WHEN service.decided_hi IS NOT NULL THEN least(service.decided_hi, service.end_hi) END)
            AS first_hi,
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
       -- A row without a start is also of the period in which it was decided.
       AND greatest(dated.first_hi, dated.last_hi, CASE WHEN dated.start_lo IS NULL THEN dated.decided_hi END)
           >= run.period_start);

-- What current documents tell of those persons, and what those tell that the archive refused, or of which an answer that is
-- required lacks: they are evidence of nothing, but a row that they would bear out is to say so. A document without a task of its own speaks for the tasks of its
-- header. An entry, a service that is received and a summary are evidence of the days that they tell, else of their own
-- day; a plan, an agreement, a promise of payment or a start of the time until it ends, or until a document tells the end
-- of the same service; an end of the time before it; a negative decision, or one that ends something, of its own day.
CREATE OR REPLACE TEMP TABLE service_found AS
WITH about AS (
    SELECT DISTINCT
        document.document_key, person.person_key, organiser_of.organiser, document.set_id,
        nullif(standing.standing, 'current')                                AS kept_out,
        standing.standing = 'current' AND answer.document_no IS NOT NULL    AS unanswered
    FROM numbered_document_identity AS identity
    JOIN numbered_standing AS standing USING (document_no)
    JOIN person USING (person_no)
    SEMI JOIN service_row ON service_row.person_key = person.person_key
    JOIN document ON document.rowid = identity.document_no
    LEFT JOIN organiser_of ON organiser_of.oid = document.organiser
    LEFT JOIN document_acknowledgement AS answer
        ON answer.document_no = identity.document_no AND NOT answer.at_last AND answer.acknowledgement = 'unanswered'
    WHERE standing.standing IN ('current', 'refused', 'not-acknowledged')
),
told AS (
    SELECT
        service_evidence.* EXCLUDE (kind),
        about.person_key,
        about.organiser,
        about.set_id,
        about.kept_out,
        about.unanswered,
        service_evidence.kind AS told_by,
        CASE
            WHEN NOT starts_with(service_evidence.kind, 'decision') THEN 'service'
            WHEN service_evidence.outcome = '1' THEN 'decision-positive'
            WHEN service_evidence.outcome = '2' THEN 'decision-negative'
            ELSE 'decision-other'
        END AS kind
    FROM service_evidence
    JOIN about USING (document_key)
),
evidence AS (
    -- Only what the register tells of the person: tasks and names are made out for few rows instead of for all.
    SELECT told.*
    FROM told
    SEMI JOIN service_row
        ON  service_row.person_key = told.person_key
        AND (service_row.kind = 'service') = (told.kind = 'service')
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
),
named AS (
    SELECT
        evidence.person_key,
        evidence.organiser,
        evidence.set_id,
        evidence.kept_out,
        evidence.unanswered,
        evidence.document_key,
        document.oid,
        evidence.kind,
        evidence.told_by,
        coalesce(own.service_task, header_task.service_task)   AS service_task,
        evidence.service_code,
        plain_name(evidence.service_display)                   AS service_name,
        evidence.decided_lo,
        evidence.decided_hi,
        evidence.end_lo,
        evidence.end_hi,
        evidence.told_by = 'decision-end'
            OR (evidence.end_lo IS NULL
                AND (evidence.told_by IN ('entry', 'received', 'summary') OR evidence.kind = 'decision-negative')) AS one_day,
        -- The end that a decision-end tells is another one's.
        coalesce(evidence.start_lo,
                 CASE WHEN evidence.told_by <> 'decision-end' AND evidence.decided_lo IS NOT NULL
                     THEN least(evidence.decided_lo, evidence.end_lo) END,
                 evidence.decided_lo,
                 CASE WHEN evidence.end_lo IS NULL THEN document.effective_at::DATE ELSE DATE '0001-01-01' END) AS first_lo,
        coalesce(evidence.start_hi,
                 CASE WHEN evidence.told_by <> 'decision-end' AND evidence.decided_hi IS NOT NULL
                     THEN least(evidence.decided_hi, evidence.end_hi) END,
                 evidence.decided_hi,
                 CASE WHEN evidence.end_lo IS NULL THEN document.effective_at::DATE ELSE DATE '0001-01-01' END) AS first_hi
    FROM evidence
    JOIN document USING (document_key)
    LEFT JOIN document_service_task AS own
        ON  own.task_system IS NOT DISTINCT FROM evidence.task_system
        AND own.task_code IS NOT DISTINCT FROM evidence.task_code
        AND own.task_display IS NOT DISTINCT FROM evidence.task_display
        AND own.resolved
    LEFT JOIN header_task
        ON header_task.document_key = CASE WHEN own.service_task IS NULL THEN evidence.document_key END
),
ended AS (
    -- The first end that another document tells of a service that was started or planned.
    SELECT begun.document_key, begun.service_task, begun.service_code, begun.service_name,
           min(over.end_lo) AS ended_lo, min(over.end_hi) AS ended_hi
    FROM named AS begun
    JOIN named AS over
        ON  over.person_key = begun.person_key
        AND over.organiser = begun.organiser
        AND over.service_task IS NOT DISTINCT FROM begun.service_task
        AND over.service_code IS NOT DISTINCT FROM begun.service_code
        AND over.service_name IS NOT DISTINCT FROM begun.service_name
    WHERE begun.told_by IN ('service-start', 'plan', 'agreement', 'payment-commitment', 'assessment') AND over.told_by = 'service-end' AND over.end_lo >= begun.first_hi
        AND over.kept_out IS NULL
    GROUP BY ALL
)
SELECT
    named.* EXCLUDE (end_lo, end_hi, one_day),
    CASE WHEN one_day THEN named.first_lo ELSE coalesce(named.end_lo, ended.ended_lo, run.open_end) END AS last_lo,
    CASE WHEN one_day THEN named.first_hi ELSE coalesce(named.end_hi, ended.ended_hi, run.open_end) END AS last_hi
FROM named
CROSS JOIN run
LEFT JOIN ended
    ON  ended.document_key = CASE
        WHEN named.told_by IN ('service-start', 'plan', 'agreement', 'payment-commitment', 'assessment')
        THEN named.document_key
    END
    AND ended.service_task IS NOT DISTINCT FROM named.service_task
    AND ended.service_code IS NOT DISTINCT FROM named.service_code
    AND ended.service_name IS NOT DISTINCT FROM named.service_name;

-- Each register row beside what documents tell of its person. Where one side names no task or no service, the other is
-- not refused for it. Two decision days must be the same day; otherwise the spans must meet inside the period.
CREATE OR REPLACE TEMP TABLE service_match AS
WITH met AS (
    SELECT
        service_row.source_id,
        found.oid,
        found.set_id,
        found.kept_out,
        found.unanswered,
        found.document_key,
        found.kind,
        service_row.kind = found.kind                               AS same_kind,
        service_row.match_organiser = found.organiser               AS same_organiser,
        coalesce(service_row.match_task = found.service_task, true) AS same_task,
        service_row.social_service IS NULL
            OR (found.service_code IS NULL AND found.service_name IS NULL)
            OR coalesce(trim(service_row.social_service) = found.service_code, false)
            OR coalesce(plain_name(service_row.social_service) = found.service_name, false)
            OR coalesce(text_mark(service_row.social_service) = found.service_name, false)
            OR coalesce(text_mark(service_row.social_service) = found.service_code, false) AS same_service,
        service_row.kind <> 'service' AND service_row.decided_lo IS NOT NULL AND found.decided_lo IS NOT NULL AS by_day,
        service_row.decided_lo <= found.decided_hi AND service_row.decided_hi >= found.decided_lo AS day_possible,
        service_row.decided_lo = found.decided_hi AND service_row.decided_hi = found.decided_lo   AS day_certain,
        -- greatest() passes over nulls, so what has no date at all is asked for first.
        found.first_lo IS NOT NULL
            AND greatest(found.first_lo, service_row.first_lo, run.period_start)
                <= least(found.last_hi, service_row.last_hi, run.period_end) AS span_possible,
        found.first_lo IS NOT NULL
            AND greatest(found.first_hi, service_row.first_hi, run.period_start)
                <= least(found.last_lo, service_row.last_lo, run.period_end) AS span_certain
    FROM service_row
    CROSS JOIN run
    JOIN service_found AS found
        ON  found.person_key = service_row.person_key
        AND (found.kind = 'service') = (service_row.kind = 'service')
)
SELECT
    source_id, oid, set_id, kept_out, unanswered, document_key, kind,
    same_kind, same_organiser, same_task, same_service,
    same_organiser AND same_task AND same_service                              AS same_matter,
    coalesce(CASE WHEN by_day THEN day_possible ELSE span_possible END, false) AS possible,
    coalesce(CASE WHEN by_day THEN day_certain ELSE span_certain END, false)   AS certain
FROM met;

-- Documents in conflict with another of the same set and version: evidence only if all of them agree.
CREATE OR REPLACE TEMP TABLE service_conflict AS
SELECT document_standing.set_id, count(DISTINCT person_document.document_no) AS candidates
FROM person_document
JOIN document_standing USING (document_no)
SEMI JOIN service_match ON service_match.set_id = document_standing.set_id
WHERE document_standing.standing IN ('current', 'voided')
GROUP BY document_standing.set_id
HAVING candidates > 1;

CREATE OR REPLACE TEMP TABLE service_ledger AS
WITH by_set AS (
    SELECT
        service_match.source_id,
        bool_or(possible)                                      AS possible,
        bool_or(certain)                                       AS certain,
        coalesce(count(DISTINCT document_key) FILTER (certain) = min(conflict.candidates), true) AS agreed
    FROM service_match
    LEFT JOIN service_conflict AS conflict USING (set_id)
    WHERE same_matter AND same_kind AND kept_out IS NULL
    GROUP BY service_match.source_id, service_match.set_id
),
by_row AS (
    SELECT
        source_id,
        bool_or(certain AND agreed)     AS evidenced,
        bool_or(certain AND NOT agreed) AS in_conflict,
        bool_or(possible)               AS possible
    FROM by_set
    GROUP BY source_id
),
beside AS (
    SELECT
        source_id,
        bool_or(same_matter AND possible AND kind = 'decision-other')     AS unknown_outcome,
        bool_or(same_matter AND possible AND NOT same_kind)               AS other_outcome,
        bool_or(same_matter AND same_kind)                                AS dates_outside,
        bool_or(same_organiser AND same_task AND same_kind)               AS other_service,
        bool_or(same_organiser AND same_kind)                             AS other_task,
        bool_or(NOT same_organiser AND same_task AND same_service AND same_kind AND possible) AS other_organiser,
        bool_or(same_matter AND same_kind AND possible AND unanswered)                        AS unanswered,
        list_sort(list(DISTINCT oid) FILTER (same_matter AND same_kind AND possible))         AS documents
    FROM service_match
    WHERE kept_out IS NULL
    GROUP BY source_id
),
would_be AS (
    -- Documents that would bear the row out, had the archive taken them.
    SELECT
        source_id,
        bool_or(kept_out = 'refused')  AS refused,
        list_sort(list(DISTINCT oid))  AS documents
    FROM service_match
    WHERE kept_out IS NOT NULL AND same_matter AND same_kind AND possible
    GROUP BY source_id
),
client_standing AS (
    SELECT DISTINCT person.person_key, document.oid, standing.standing
    FROM numbered_document_identity AS identity
    JOIN numbered_standing AS standing USING (document_no)
    JOIN person USING (person_no)
    SEMI JOIN service_row ON service_row.person_key = person.person_key
    JOIN document ON document.rowid = identity.document_no
    WHERE standing.kind NOT IN ('client-relationship', 'case')
      AND standing.standing IN ('current', 'refused', 'not-acknowledged')
),
none_left AS (
    -- Persons none of whose client documents is left, because the archive did not take them.
    SELECT
        person_key,
        bool_or(standing = 'refused')  AS refused,
        list_sort(list(DISTINCT oid))  AS documents
    FROM client_standing
    ANTI JOIN (FROM client_standing WHERE standing = 'current') AS current USING (person_key)
    GROUP BY person_key
),
quarantined AS (
    SELECT DISTINCT coalesce(person_link.person_key, quarantine_person.identity_key) AS person_key
    FROM quarantine_person
    JOIN quarantined_document USING (member_key)
    LEFT JOIN person_link USING (identity_key)
    WHERE quarantined_document.perhaps_client
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
        WHEN by_row.evidenced AND beside.unanswered THEN 'not-acknowledged'
        WHEN by_row.evidenced THEN NULL
        WHEN by_row.in_conflict THEN 'version-conflict'
        WHEN by_row.possible THEN 'partial-date'
        WHEN beside.unknown_outcome THEN 'unknown-outcome'
        WHEN would_be.refused THEN 'refused'
        WHEN would_be.source_id IS NOT NULL THEN 'not-acknowledged'
        WHEN beside.other_outcome THEN 'other-outcome'
        WHEN beside.dates_outside THEN 'dates-outside'
        WHEN beside.other_service THEN 'other-service'
        WHEN beside.other_task THEN 'no-service-task'
        WHEN beside.other_organiser THEN 'other-organiser'
        WHEN quarantined.person_key IS NOT NULL THEN 'quarantined-document'
        WHEN none_left.refused THEN 'refused'
        WHEN none_left.person_key IS NOT NULL THEN 'not-acknowledged'
        WHEN person_archive.person_key IS NULL THEN 'no-document'
        ELSE 'no-evidence'
    END AS reason,
    CASE
        WHEN starts_with(reason, 'excluded-') THEN 'excluded'
        WHEN reason IN (
            'no-date', 'end-before-start', 'unknown-service-task', 'version-conflict', 'partial-date', 'unknown-outcome'
        ) THEN 'undetermined'
        WHEN by_row.evidenced THEN 'archived'
        ELSE 'missing'
    END AS class,
    CASE
        WHEN class = 'excluded' THEN []
        WHEN class = 'missing' AND reason IN ('refused', 'not-acknowledged')
            THEN coalesce(would_be.documents, none_left.documents)
        ELSE coalesce(beside.documents, [])
    END AS documents
FROM service_row
LEFT JOIN by_row USING (source_id)
LEFT JOIN beside USING (source_id)
LEFT JOIN would_be USING (source_id)
LEFT JOIN none_left USING (person_key)
LEFT JOIN quarantined USING (person_key)
LEFT JOIN person_archive USING (person_key);

-- The key of the marks has done its work: nothing that reads the model later needs it, and nobody shall.
DROP TABLE text_key;
