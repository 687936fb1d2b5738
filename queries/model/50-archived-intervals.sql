-- What client-relationship documents say of dates, for every standing: one row for each period, `covering_period` with its texts.
-- Its start is a day of [possible_start, certain_start], its end a day of [certain_end, possible_end]; an open end is open_end.
-- A reading in which it ends before it starts is none, so neither date reaches farther than the other lets it. Then:
-- possible days are [possible_start, possible_end]; certain days, in every reading, are [certain_start, certain_end]; and
-- where certain_end is before certain_start no one day is certain, but some day of [certain_end, certain_start] is covered.
CREATE OR REPLACE TEMP TABLE numbered_period AS
WITH bounded AS (
    SELECT
        client_period.rowid AS period_no,
        document.rowid      AS document_no,
        client_period.role,
        CASE WHEN client_period.role = 'child-protection' THEN 'child-protection' ELSE 'service-task' END AS layer,
        client_period.task_system,
        client_period.task_code,
        client_period.task_display,
        client_period.start_text,
        client_period.start_lo,
        client_period.start_hi,
        client_period.end_text,
        client_period.end_lo,
        client_period.end_hi,
        coalesce(document.old_relationship, false) AS old_relationship,
        -- An open unit period ends with the relationship, if that has ended and not before the period began.
        client_period.end_lo IS NULL
            AND client_period.role <> 'child-protection'
            AND document.relationship_end_hi >= client_period.start_lo AS ends_with_relationship,
        document.relationship_end_text,
        document.relationship_end_lo,
        document.relationship_end_hi
    FROM client_period
    JOIN document USING (document_key)
    ANTI JOIN document_copy USING (document_key)
    WHERE document.kind = 'client-relationship' AND client_period.start_lo IS NOT NULL
),
relationship_end AS (
    -- A partial end of the relationship is one day for all units that end with it: it lies before the start of none.
    SELECT document_no, greatest(min(relationship_end_lo), max(start_lo)) AS first_day
    FROM bounded
    CROSS JOIN run
    WHERE ends_with_relationship AND relationship_end_lo < relationship_end_hi
      AND (role = 'unit' OR (run.producer_periods_cover AND role IN ('producer', 'implementer')))
    GROUP BY document_no
),
dated AS (
    SELECT
        bounded.*,
        CASE WHEN ends_with_relationship THEN relationship_end_text ELSE bounded.end_text END AS told_end,
        coalesce(CASE WHEN ends_with_relationship THEN relationship_end_hi ELSE bounded.end_hi END, run.open_end)
            AS possible_end,
        coalesce(
            CASE
                WHEN ends_with_relationship THEN greatest(relationship_end.first_day, relationship_end_lo)
                ELSE bounded.end_lo
            END,
            run.open_end
        ) AS first_end
    FROM bounded
    CROSS JOIN run
    LEFT JOIN relationship_end USING (document_no)
)
SELECT
    dated.period_no,
    dated.document_no,
    task_number.task_no,
    dated.role,
    dated.old_relationship,
    dated.start_text,
    dated.start_lo AS possible_start,
    least(dated.start_hi, dated.possible_end) AS certain_start,
    dated.told_end AS end_text,
    dated.possible_end,
    greatest(dated.first_end, dated.start_lo) AS certain_end
FROM dated
LEFT JOIN document_service_task AS task
    ON  task.task_system IS NOT DISTINCT FROM dated.task_system
    AND task.task_code IS NOT DISTINCT FROM dated.task_code
    AND task.task_display IS NOT DISTINCT FROM dated.task_display
LEFT JOIN service_task AS child_protection ON child_protection.key = 'child_protection'
LEFT JOIN task_number
    ON  task_number.layer = dated.layer
    AND task_number.service_task
        = CASE WHEN dated.layer = 'child-protection' THEN child_protection.service_task ELSE task.service_task END
WHERE dated.start_lo <= dated.possible_end;

CREATE OR REPLACE TEMP VIEW covering_period AS
SELECT
    numbered.period_no,
    numbered.document_no,
    document.document_key,
    document.oid,
    document.organiser AS organiser_oid,
    numbered.role,
    CASE WHEN numbered.role = 'child-protection' THEN 'child-protection' ELSE 'service-task' END AS layer,
    period.task_system,
    period.task_code,
    period.task_display,
    CASE WHEN restricted.document_no IS NULL THEN period.unit END AS unit,
    numbered.old_relationship,
    numbered.start_text,
    numbered.possible_start,
    numbered.certain_start,
    numbered.end_text,
    numbered.possible_end,
    numbered.certain_end,
    period.pointer
FROM numbered_period AS numbered
JOIN client_period AS period ON period.rowid = numbered.period_no
JOIN document ON document.rowid = numbered.document_no
LEFT JOIN restricted_document AS restricted ON restricted.document_no = numbered.document_no;

CREATE OR REPLACE TEMP TABLE numbered_interval AS
SELECT
    about.person_no,
    standing.organiser_no,
    period.task_no,
    period.document_no,
    period.period_no,
    about.leads,
    standing.in_scope,
    period.old_relationship,
    period.start_text,
    period.end_text,
    period.possible_start,
    period.certain_start,
    period.possible_end,
    period.certain_end,
    standing.standing,
    standing.current_at_last
FROM numbered_period AS period
CROSS JOIN run
JOIN numbered_document_about AS about USING (document_no)
JOIN numbered_standing AS standing USING (document_no)
WHERE standing.organiser_no IS NOT NULL
  AND (period.role IN ('unit', 'child-protection')
       OR (run.producer_periods_cover AND period.role IN ('producer', 'implementer')));

-- Who has several current intervals with an organiser, in a layer and service task. Most have one, and nothing is to be
-- sorted or added up.
CREATE OR REPLACE TEMP TABLE numbered_several AS
SELECT person_no, organiser_no, task_no
FROM numbered_interval
WHERE standing = 'current' AND task_no IS NOT NULL
GROUP BY person_no, organiser_no, task_no
HAVING count(*) > 1;

-- An interval of a task that is named by nothing has no service task, and counts for none.
CREATE OR REPLACE TEMP VIEW archived_interval AS
SELECT
    numbered.*,
    person.person_key,
    organiser.organiser,
    period.layer,
    task_number.service_task,
    period.document_key,
    period.oid,
    period.role,
    period.unit,
    period.pointer
FROM numbered_interval AS numbered
JOIN covering_period AS period USING (period_no)
JOIN person USING (person_no)
JOIN organiser USING (organiser_no)
LEFT JOIN task_number USING (task_no);

-- Archived episodes: overlapping or adjacent current intervals are one. Of intervals that start on one day the longest
-- stands for all, so that no two have one place in the order.
CREATE OR REPLACE TEMP TABLE numbered_archived_episode AS
WITH standing AS (
    SELECT * FROM numbered_interval WHERE standing = 'current' AND task_no IS NOT NULL
),
longest AS (
    SELECT person_no, organiser_no, task_no, possible_start, max(possible_end) AS possible_end
    FROM standing
    SEMI JOIN numbered_several USING (person_no, organiser_no, task_no)
    GROUP BY person_no, organiser_no, task_no, possible_start
),
reached AS (
    SELECT
        longest.*,
        max(possible_end) OVER (  -- total: one row a start
            PARTITION BY person_no, organiser_no, task_no
            ORDER BY possible_start
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM longest
),
island AS (
    SELECT
        reached.*,
        sum(CASE WHEN possible_start <= reached + 1 THEN 0 ELSE 1 END) OVER (  -- total: one row a start
            PARTITION BY person_no, organiser_no, task_no
            ORDER BY possible_start
            ROWS UNBOUNDED PRECEDING
        ) AS island
    FROM reached
),
numbered AS (
    SELECT standing.*, island.island
    FROM standing
    JOIN island USING (person_no, organiser_no, task_no, possible_start)
)
SELECT
    person_no, organiser_no, task_no, in_scope, leads, possible_start, certain_start, possible_end, certain_end,
    start_text, coalesce(end_text, '') AS end_text, document_no, NULL::VARCHAR[] AS documents
FROM standing
ANTI JOIN numbered_several USING (person_no, organiser_no, task_no)
UNION ALL
SELECT
    person_no,
    organiser_no,
    task_no,
    bool_or(in_scope)                            AS in_scope,
    bool_or(leads)                               AS leads,
    min(possible_start)                          AS possible_start,
    min(certain_start)                           AS certain_start,
    max(possible_end)                            AS possible_end,
    max(certain_end)                             AS certain_end,
    arg_min(start_text, (possible_start, certain_start, start_text)) AS start_text,
    arg_max(coalesce(end_text, ''), (possible_end, certain_end, coalesce(end_text, ''))) AS end_text,
    -- total: a document has one key
    arg_min(document_no, (document.oid, document.document_key)) AS document_no,
    list_sort(list(DISTINCT document.oid))       AS documents
FROM numbered
JOIN document ON document.rowid = numbered.document_no
GROUP BY person_no, organiser_no, task_no, island;

CREATE OR REPLACE TEMP VIEW archived_episode AS
SELECT
    numbered.* EXCLUDE (documents),
    person.person_key,
    organiser.organiser,
    task_number.layer,
    task_number.service_task,
    coalesce(numbered.documents, [document.oid]) AS documents
FROM numbered_archived_episode AS numbered
JOIN person USING (person_no)
JOIN organiser USING (organiser_no)
JOIN task_number USING (task_no)
JOIN document_standing AS document USING (document_no);
