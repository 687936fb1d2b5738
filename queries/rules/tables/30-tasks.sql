-- Service tasks as documents write them, read: one row for each way of writing, `service_task` null when it is unknown.
CREATE OR REPLACE TEMP TABLE read_task AS
SELECT task_system, task_code, task_display, CASE WHEN resolved THEN service_task END AS service_task
FROM document_service_task;

-- Current case documents with their service task, once for each client.
CREATE OR REPLACE TEMP TABLE current_case AS
SELECT
    current_document.document_key,
    current_document.oid,
    current_document.match_organiser AS organiser,
    current_document.in_scope,
    document_client.person_key,
    document_client.municipality,
    read_task.service_task,
    case_fact.opened_lo,
    case_fact.opened_hi,
    case_fact.closed_lo,
    case_fact.closed_hi,
    -- A client who left a joint case is told by the document until then.
    gone.left_hi,
    case_fact.pointer
FROM current_document
JOIN case_fact USING (document_key)
JOIN document_client USING (document_key)
LEFT JOIN (
    SELECT document_key, slot, max(left_hi) AS left_hi FROM document_person WHERE left_hi IS NOT NULL GROUP BY ALL
) AS gone
    ON gone.document_key = document_client.document_key AND gone.slot = document_client.slot
LEFT JOIN read_task
    ON  read_task.task_system IS NOT DISTINCT FROM case_fact.task_system
    AND read_task.task_code IS NOT DISTINCT FROM case_fact.task_code
    AND read_task.task_display IS NOT DISTINCT FROM case_fact.task_display
WHERE current_document.kind = 'case';

-- Current evidence that a service was decided or received, once for each client. The task is the content's, else the
-- header's when it names one only, else unknown.
CREATE OR REPLACE TEMP TABLE current_evidence AS
WITH header_task AS (
    SELECT document_task.document_key, min(read_task.service_task) AS service_task
    FROM document_task
    JOIN read_task
        ON  read_task.task_system IS NOT DISTINCT FROM document_task.task_system
        AND read_task.task_code IS NOT DISTINCT FROM document_task.task_code
        AND read_task.task_display IS NOT DISTINCT FROM document_task.task_display
    GROUP BY document_task.document_key
    HAVING count(DISTINCT read_task.service_task) = 1
)
SELECT
    current_document.document_key,
    current_document.oid,
    current_document.match_organiser AS organiser,
    current_document.in_scope,
    current_document.effective_at::DATE AS written_on,
    document_client.person_key,
    document_client.municipality,
    evidence.kind,
    evidence.outcome,
    coalesce(own.service_task, header_task.service_task) AS service_task,
    evidence.decided_lo,
    evidence.decided_hi,
    evidence.start_lo,
    evidence.start_hi,
    evidence.end_lo,
    evidence.end_hi,
    evidence.pointer
FROM current_document
JOIN service_evidence AS evidence USING (document_key)
JOIN document_client USING (document_key)
LEFT JOIN read_task AS own
    ON  own.task_system IS NOT DISTINCT FROM evidence.task_system
    AND own.task_code IS NOT DISTINCT FROM evidence.task_code
    AND own.task_display IS NOT DISTINCT FROM evidence.task_display
LEFT JOIN header_task USING (document_key)
WHERE NOT coalesce(current_document.family_law, false);

-- Municipalities with an archived client in the period, safety-restricted ones among them: whether there is one, not who. What
-- leaves the room, to a file of tables or to a rule of the county's own, lacks those where all of them are restricted.
CREATE OR REPLACE TEMP TABLE numbered_archived_municipality AS
SELECT living.municipality, bool_and(restricted.person_no IS NOT NULL) AS restricted_alone
FROM numbered_archived_episode AS episode
CROSS JOIN run
JOIN numbered_document_identity AS living USING (person_no)
LEFT JOIN restricted_person AS restricted USING (person_no)
WHERE episode.in_scope
  AND episode.possible_start <= run.period_end
  AND episode.possible_end >= run.period_start
  AND living.municipality IS NOT NULL
GROUP BY living.municipality;

CREATE OR REPLACE TEMP TABLE archived_municipality AS
SELECT municipality FROM numbered_archived_municipality;

-- Service tasks that are no part of the follow-up: family law, and those that the codes file leaves out.
CREATE OR REPLACE TEMP TABLE task_outside AS
SELECT service_task
FROM service_task
GROUP BY service_task
HAVING bool_or(family_law OR NOT in_register);

-- Current documents all of whose known service tasks are outside: in the content, else in the header.
CREATE OR REPLACE TEMP TABLE document_outside AS
WITH written AS (
    SELECT document_key, task_system, task_code, task_display FROM case_fact
    UNION ALL
    SELECT document_key, task_system, task_code, task_display FROM service_evidence
    UNION ALL
    SELECT document_key, task_system, task_code, task_display FROM document_task
)
SELECT written.document_key
FROM written
JOIN read_task
    ON  read_task.task_system IS NOT DISTINCT FROM written.task_system
    AND read_task.task_code IS NOT DISTINCT FROM written.task_code
    AND read_task.task_display IS NOT DISTINCT FROM written.task_display
LEFT JOIN task_outside USING (service_task)
WHERE read_task.service_task IS NOT NULL
GROUP BY written.document_key
HAVING bool_and(task_outside.service_task IS NOT NULL);
