-- Standing of every readable document: current, voided, superseded, or after-as-of (not there yet on the as-of date).
CREATE OR REPLACE TEMP TABLE document_standing AS
WITH sent AS (
    -- A frame speaks of a document when id and set agree, or when it names no set.
    SELECT oid, set_id, min(created_at)::DATE AS sent_on
    FROM frame
    WHERE NOT voiding
    GROUP BY oid, set_id
),
voiding AS (
    SELECT
        frame.oid,
        bool_or(coalesce(frame.created_at::DATE <= run.as_of, true)) AS voided_by_now
    FROM frame
    CROSS JOIN run
    WHERE frame.voiding
    GROUP BY frame.oid
),
stored AS (
    SELECT
        document.document_key,
        document.set_id,
        document.version,
        coalesce(
            least(sent.sent_on, sent_without_set.sent_on),
            document.created_at::DATE,
            document.effective_at::DATE
        )                                                                AS stored_on,
        document.body = 'none' OR coalesce(voiding.voided_by_now, false) AS voided,
        document.body = 'none' OR voiding.oid IS NOT NULL                AS voided_at_last
    FROM document
    LEFT JOIN sent ON sent.oid = document.oid AND sent.set_id = document.set_id
    LEFT JOIN sent AS sent_without_set ON sent_without_set.oid = document.oid AND sent_without_set.set_id IS NULL
    LEFT JOIN voiding ON voiding.oid = document.oid
),
placed AS (
    SELECT
        stored.*,
        coalesce(stored.stored_on <= run.as_of, true) AS present,
        max(stored.version) OVER (PARTITION BY stored.set_id) AS last_version
    FROM stored
    CROSS JOIN run
),
newest AS (
    SELECT set_id, max(version) AS newest_version
    FROM placed
    WHERE present
    GROUP BY set_id
)
SELECT
    placed.document_key,
    placed.set_id,
    placed.stored_on,
    CASE
        WHEN NOT placed.present THEN 'after-as-of'
        WHEN placed.version < newest.newest_version THEN 'superseded'
        WHEN placed.voided THEN 'voided'
        ELSE 'current'
    END AS standing,
    -- Would it be current if there were no as-of date?
    placed.version = placed.last_version AND NOT placed.voided_at_last AS current_at_last
FROM placed
LEFT JOIN newest USING (set_id);
