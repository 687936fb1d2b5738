-- What became of the documents that exist on the as-of date.
WITH standing AS (
    SELECT
        count(*) FILTER (standing = 'current')    AS current,
        count(*) FILTER (standing = 'superseded') AS superseded,
        count(*) FILTER (standing = 'voided')     AS voided,
        count(*) FILTER (standing = 'refused')    AS refused,
        count(*) FILTER (standing = 'not-acknowledged') AS not_acknowledged,
        count(*) FILTER (standing <> 'after-as-of') AS present
    FROM numbered_standing
),
aside AS (
    SELECT count(*) AS quarantined
    FROM quarantine_listing
    CROSS JOIN run
    WHERE coalesce(stored_at::DATE <= run.as_of, true)
)
SELECT standing.present + aside.quarantined AS ingested, standing.current, standing.superseded, standing.voided,
       aside.quarantined, standing.refused, standing.not_acknowledged
FROM standing
CROSS JOIN aside;
