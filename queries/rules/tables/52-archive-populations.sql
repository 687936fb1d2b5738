-- Populations of rules on the archive alone: what a rule finds is a part of one, and its denominator the number of its rows.

-- Archived child-protection episodes of the period.
CREATE OR REPLACE TEMP VIEW protection_of_period AS
SELECT episode.*
FROM archived_episode AS episode
CROSS JOIN run
WHERE episode.layer = 'child-protection'
  AND episode.leads
  AND episode.in_scope
  AND episode.possible_start <= run.period_end
  AND episode.possible_end >= run.period_start;

-- Beside them episodes of the service task child protection by the same organiser: those that touch the relationship, or
-- ended in the year before it.
CREATE OR REPLACE TEMP VIEW task_near_protection AS
SELECT
    protection.person_key,
    protection.organiser,
    protection.possible_start AS relationship_start,
    episode.possible_start,
    episode.possible_end
FROM protection_of_period AS protection
JOIN archived_episode AS episode
    ON  episode.person_key = protection.person_key
    AND episode.organiser = protection.organiser
    AND episode.layer = 'service-task'
    AND episode.possible_start <= protection.possible_end
    AND episode.possible_end >= protection.possible_start - INTERVAL 1 YEAR
JOIN service_task ON service_task.service_task = episode.service_task AND service_task.key = 'child_protection';

-- Documents that begin no client relationship: notifications and what was made of them, by the definitions of Sosmeta, and
-- decisions that give nothing.
CREATE OR REPLACE TEMP VIEW beginning_nothing AS
SELECT document_key
FROM document
WHERE json_root IN (
    'ilmoitus_sosiaalihuollon_tarpeesta',
    'yhteydenotto_sosiaalihuollosta_vastaavaan_viranomaiseen',
    'sosiaalihuollon_tarpeesta_tehdyn_ilmoituksen_tai_yhteydenoton_arvio',
    'lastensuojeluilmoitus',
    'lastensuojeluilmoituksen_arvio',
    'ennakollinen_lastensuojeluilmoitus',
    'ennakollisen_lastensuojeluilmoituksen_arvio',
    'ilmoitus_hyvinvointialueen_alueelle_sijoitetusta_lapsesta'
)
UNION
SELECT document_key
FROM service_evidence
GROUP BY document_key
HAVING bool_and(kind = 'decision' AND outcome IS DISTINCT FROM '1');

-- Persons with a case or client document of the period that tells of a client. One person is one piece of work, however
-- many documents there are.
CREATE OR REPLACE TEMP VIEW client_at_work AS
WITH work AS (
    SELECT current_document.oid, document_client.person_key, document_client.municipality, document_client.pointer,
           current_document.match_organiser AS organiser
    FROM document_of_period AS current_document
    JOIN document_client USING (document_key)
    ANTI JOIN document_outside USING (document_key)
    ANTI JOIN beginning_nothing USING (document_key)
    WHERE current_document.kind IN ('case', 'client')
      AND current_document.in_scope
      AND NOT coalesce(current_document.family_law, false)
)
SELECT
    person_key,
    organiser,
    min(oid)                                                 AS oid,
    -- total: equal values are one value
    arg_min(municipality, (oid, coalesce(municipality, ''))) AS municipality,
    -- total: equal values are one value
    arg_min(pointer, (oid, pointer))                         AS pointer
FROM work
GROUP BY person_key, organiser;

-- Cases pending in the period whose client has a client-relationship document of the organiser. A child-protection case that
-- was closed may have been an assessment alone, which begins no relationship.
CREATE OR REPLACE TEMP VIEW case_of_known_client AS
SELECT current_case.*
FROM current_case
SEMI JOIN current_relationship USING (person_key, organiser)
ANTI JOIN task_outside USING (service_task)
LEFT JOIN (SELECT service_task FROM service_task WHERE key = 'child_protection') AS protection USING (service_task)
CROSS JOIN run
WHERE current_case.service_task IS NOT NULL
  AND current_case.in_scope
  AND (protection.service_task IS NULL OR current_case.closed_lo IS NULL)
  AND coalesce(current_case.opened_lo <= run.period_end, true)
  AND coalesce(current_case.closed_hi >= run.period_start, true)
  AND coalesce(current_case.left_hi >= run.period_start, true);

-- Episodes known before that reach into the period, of whom the row is about.
CREATE OR REPLACE TEMP VIEW open_before AS
SELECT earlier_episode.*
FROM earlier_episode
CROSS JOIN run
WHERE earlier_episode.possible_end >= run.period_start
  AND earlier_episode.in_scope
  AND earlier_episode.leads;

-- Of those that the archive still knows, the start that it knows today: of the episodes that touch one the first.
CREATE OR REPLACE TEMP VIEW start_seen_again AS
SELECT
    open_before.person_key,
    open_before.organiser,
    open_before.layer,
    open_before.service_task,
    open_before.possible_start,
    open_before.certain_start,
    open_before.place,
    min(today.possible_start) AS start_today_lo,
    -- total: episodes of one task do not overlap
    arg_min(today.certain_start, today.possible_start) AS start_today_hi,
    -- total: episodes of one task do not overlap
    arg_min(today.documents[1], today.possible_start) AS document_today
FROM open_before
JOIN archived_episode AS today
    ON  today.person_key = open_before.person_key
    AND today.organiser = open_before.organiser
    AND today.layer = open_before.layer
    AND today.service_task = open_before.service_task
    AND today.possible_start <= open_before.possible_end
    AND today.possible_end >= open_before.possible_start
GROUP BY ALL;

-- Versions of client-relationship documents that were the first to name a service task or child-protection dates, stored since
-- the period began. Periods of producers and of the first phase say nothing of when the relationship was known.
CREATE OR REPLACE TEMP VIEW task_first_named AS
WITH named AS (
    SELECT
        document.set_id,
        period.layer,
        period.task_system,
        period.task_code,
        period.task_display,
        document.version,
        document.oid,
        document.stored_on,
        document.match_organiser,
        arg_min(period.pointer, (period.certain_start, period.pointer)) AS pointer,
        min(period.certain_start) AS first_day
    FROM present_document AS document
    JOIN covering_period AS period USING (document_key)
    WHERE period.role IN ('unit', 'child-protection') AND document.in_scope
      AND NOT coalesce(document.old_relationship, false)
    GROUP BY ALL
),
first_version AS (
    SELECT set_id, layer, task_system, task_code, task_display, min(version) AS version
    FROM named
    GROUP BY ALL
)
SELECT named.*
FROM named
JOIN first_version AS earliest
    ON  earliest.set_id = named.set_id
    AND earliest.layer = named.layer
    AND earliest.version = named.version
    AND earliest.task_system IS NOT DISTINCT FROM named.task_system
    AND earliest.task_code IS NOT DISTINCT FROM named.task_code
    AND earliest.task_display IS NOT DISTINCT FROM named.task_display
CROSS JOIN run
WHERE named.stored_on >= run.period_start AND named.first_day <= run.period_end;

-- Temporary identifiers that lead in a current document of the period and are joined to no henkilötunnus, with the day on
-- which the first document of all was stored under them: a new version is no new beginning.
CREATE OR REPLACE TEMP VIEW temporary_in_use AS
WITH settled AS (
    -- Joined to a henkilötunnus by an identities row: the person is known.
    SELECT known.person_key
    FROM known_identity AS known
    JOIN identity_fact USING (identity_key)
    WHERE identity_fact.national
),
leader AS (
    SELECT
        document_client.identity_key,
        document_client.person_key,
        -- total: a document has one oid
        arg_max(current_document.oid, (current_document.stored_on, current_document.oid)) AS newest
    FROM document_of_period AS current_document
    JOIN document_client USING (document_key)
    JOIN identity_fact USING (identity_key)
    ANTI JOIN settled ON settled.person_key = document_client.person_key
    WHERE NOT identity_fact.national AND current_document.in_scope
    GROUP BY document_client.identity_key, document_client.person_key
)
SELECT leader.identity_key, leader.person_key, leader.newest, min(present_document.stored_on) AS first_stored
FROM leader
JOIN document_person USING (identity_key)
JOIN present_document USING (document_key)
GROUP BY ALL;

-- Positive decisions in force in the period, one row for each service that they give. One that tells no start began when it was
-- decided, or before it ended; one that ends before it starts is in force on no day (rule S04).
CREATE OR REPLACE TEMP VIEW ruling_of_period AS
WITH ruling AS (
    SELECT
        current_evidence.rowid                               AS evidence_no,
        current_evidence.*,
        coalesce(start_lo, least(decided_lo, end_lo))        AS first_day,
        coalesce(end_hi, run.open_end)                       AS last_day,
        run.period_start,
        run.period_end
    FROM current_evidence
    CROSS JOIN run
    ANTI JOIN task_outside USING (service_task)
    WHERE kind = 'decision' AND outcome = '1' AND in_scope
)
SELECT *
FROM ruling
WHERE first_day <= least(last_day, period_end) AND last_day >= period_start;

-- What documents tell of services in the period. The day is that of the event, and of the writing where none is told.
CREATE OR REPLACE TEMP VIEW evidence_of_period AS
SELECT
    current_evidence.rowid         AS evidence_no,
    current_evidence.*,
    coalesce(start_lo, written_on) AS first_lo,
    coalesce(start_hi, written_on) AS first_hi
FROM current_evidence
CROSS JOIN run
ANTI JOIN task_outside USING (service_task)
WHERE in_scope
  AND coalesce(start_lo, written_on) <= run.period_end
  AND coalesce(start_hi, written_on) >= run.period_start;

-- Entries that a service started.
CREATE OR REPLACE TEMP VIEW service_started AS
SELECT * FROM evidence_of_period WHERE kind = 'service-start';

-- Client-record entries.
CREATE OR REPLACE TEMP VIEW entry_of_period AS
SELECT * FROM evidence_of_period WHERE kind = 'entry';

-- Periods of producers and implementers with a start, beside the first start and the last end of the units of their service
-- task in the document. An open unit goes on until the relationship ends.
CREATE OR REPLACE TEMP VIEW producer_beside_unit AS
WITH relationship AS (
    SELECT document_key, oid, relationship_end_hi
    FROM document_of_period
    WHERE kind = 'client-relationship' AND in_scope
),
unit AS (
    SELECT
        period.document_key,
        period.block,
        min(period.start_lo) AS first_start,
        max(coalesce(period.end_hi, relationship.relationship_end_hi, run.open_end)) AS last_end
    FROM client_period AS period
    JOIN relationship USING (document_key)
    CROSS JOIN run
    WHERE period.role = 'unit' AND period.start_lo IS NOT NULL
    GROUP BY period.document_key, period.block
)
SELECT relationship.oid, producer.task_code, producer.pointer, producer.start_lo, producer.start_hi, producer.end_lo,
       unit.first_start, unit.last_end
FROM client_period AS producer
JOIN relationship USING (document_key)
JOIN unit USING (document_key, block)
WHERE producer.role IN ('producer', 'implementer') AND producer.start_lo IS NOT NULL;

-- The newest positive decision or start of a service of each client in each service task, where a relationship covers its day:
-- whoever has none is another rule's business. `since`: the day of the event, or of the writing where that is later;
-- `last_day`: when it or the relationship ends; `heard_on`: when anything else was last written of the client in the task, or in
-- one that the document does not tell.
CREATE OR REPLACE TEMP VIEW newest_beginning AS
WITH beginning AS (
    SELECT
        evidence.oid,
        evidence.person_key,
        evidence.organiser,
        evidence.service_task,
        evidence.municipality,
        evidence.pointer,
        greatest(coalesce(evidence.start_hi, evidence.decided_hi, evidence.written_on), evidence.written_on) AS since,
        coalesce(evidence.end_hi, run.open_end) AS last_day
    FROM current_evidence AS evidence
    CROSS JOIN run
    ANTI JOIN task_outside USING (service_task)
    WHERE evidence.in_scope AND (evidence.kind = 'service-start' OR (evidence.kind = 'decision' AND evidence.outcome = '1'))
),
newest AS (
    SELECT
        person_key,
        organiser,
        service_task,
        -- total: a place in a document tells one thing
        arg_max({oid: oid, municipality: municipality, pointer: pointer, since: since, last_day: last_day},
                (since, last_day, oid, pointer)) AS told
    FROM beginning
    GROUP BY person_key, organiser, service_task
),
in_relationship AS (
    SELECT newest.person_key, newest.organiser, newest.service_task, max(episode.possible_end) AS last_day
    FROM newest
    JOIN archived_episode AS episode
        ON  episode.person_key = newest.person_key
        AND episode.organiser = newest.organiser
        AND episode.layer = 'service-task'
        AND episode.service_task = coalesce(newest.service_task, episode.service_task)
        AND newest.told.since BETWEEN episode.possible_start AND episode.possible_end
    GROUP BY newest.person_key, newest.organiser, newest.service_task
),
task_of_document AS (
    SELECT document_key, service_task FROM current_case
    UNION
    SELECT document_key, service_task FROM current_evidence
),
written AS (
    SELECT
        document_client.person_key,
        document.match_organiser AS organiser,
        task_of_document.service_task,
        max(coalesce(document.effective_at::DATE, document.stored_on)) AS day
    FROM current_document AS document
    JOIN document_client USING (document_key)
    LEFT JOIN task_of_document USING (document_key)
    GROUP BY ALL
),
heard AS (
    -- Joined by the client first: an outer join with the condition on tasks would compare everybody with everybody.
    SELECT newest.person_key, newest.organiser, newest.service_task, max(written.day) AS day
    FROM newest
    JOIN written ON written.person_key = newest.person_key AND written.organiser = newest.organiser
    WHERE written.service_task IS NULL OR newest.service_task IS NULL OR written.service_task = newest.service_task
    GROUP BY newest.person_key, newest.organiser, newest.service_task
)
SELECT
    newest.person_key,
    newest.organiser,
    newest.service_task,
    newest.told.oid,
    newest.told.municipality,
    newest.told.pointer,
    newest.told.since,
    least(newest.told.last_day, in_relationship.last_day) AS last_day,
    heard.day                                             AS heard_on
FROM newest
JOIN in_relationship
    ON  in_relationship.person_key = newest.person_key
    AND in_relationship.organiser = newest.organiser
    AND in_relationship.service_task IS NOT DISTINCT FROM newest.service_task
LEFT JOIN heard
    ON  heard.person_key = newest.person_key
    AND heard.organiser = newest.organiser
    AND heard.service_task IS NOT DISTINCT FROM newest.service_task;
