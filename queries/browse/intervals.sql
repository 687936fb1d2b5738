-- Archived intervals beside which a row is drawn: those of its person, layer and service task, whatever their standing
-- and organiser, and first-phase periods that name no task. Current ones first.
WITH asked AS (
    SELECT * FROM episode WHERE source_id = $source_id
),
named AS (
    SELECT
        interval.oid, interval.role, interval.unit, interval.standing,
        interval.organiser IS DISTINCT FROM asked.organiser AS elsewhere,
        interval.start_text, interval.end_text,
        interval.possible_start, interval.certain_start, interval.possible_end, interval.certain_end, interval.pointer
    FROM archived_interval AS interval
    JOIN asked
        ON  interval.person_no = asked.person_no
        AND interval.task_no = asked.task_no
),
unnamed AS (
    SELECT
        period.oid, period.role, period.unit, document_standing.standing,
        organiser_of.organiser IS DISTINCT FROM asked.organiser AS elsewhere,
        period.start_text, period.end_text,
        period.possible_start, period.certain_start, period.possible_end, period.certain_end, period.pointer
    FROM covering_period AS period
    JOIN document_standing USING (document_no)
    JOIN document_about USING (document_no)
    JOIN asked ON document_about.person_no = asked.person_no AND asked.layer = 'service-task'
    LEFT JOIN organiser_of ON organiser_of.oid = period.organiser_oid
    WHERE period.role = 'first-phase-unit'
)
SELECT *
FROM (SELECT * FROM named UNION SELECT * FROM unnamed)
ORDER BY
    standing <> 'current', elsewhere, role = 'first-phase-unit', possible_start, possible_end, oid, pointer,
    standing, role, unit, certain_start, certain_end
-- total: one place in a document is one period; the rest tells copies under one OID apart
LIMIT 100;
