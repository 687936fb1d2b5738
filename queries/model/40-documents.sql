-- Standing of every readable document: current, voided, superseded, or after-as-of (not there yet on the as-of date).
CREATE OR REPLACE TEMP TABLE document_standing AS
WITH framed AS (
    -- A frame speaks of a document when id and set agree.
    SELECT
        document.document_key,
        min(frame.created_at) FILTER (NOT frame.voiding)::DATE AS sent_on,
        coalesce(bool_or(frame.voiding), false)                AS ever_voided,
        coalesce(
            bool_or(frame.voiding AND (run.as_of IS NULL OR frame.created_at IS NULL OR frame.created_at::DATE <= run.as_of)),
            false
        ) AS voided_by_frame
    FROM document
    JOIN frame
        ON frame.oid = document.oid
        AND (frame.voiding OR coalesce(frame.set_id, document.set_id) = document.set_id)
    CROSS JOIN run
    GROUP BY document.document_key
),
stored AS (
    SELECT
        document.document_key,
        document.set_id,
        document.version,
        coalesce(framed.sent_on, document.created_at::DATE, document.effective_at::DATE) AS stored_on,
        document.body = 'none' OR coalesce(framed.voided_by_frame, false) AS voided,
        document.body = 'none' OR coalesce(framed.ever_voided, false)     AS voided_at_last
    FROM document
    LEFT JOIN framed USING (document_key)
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
