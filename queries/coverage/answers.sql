-- What the archive answered, as far as it is known on the as-of date, and where its answers leave the documents.
WITH heard AS (
    SELECT answer.*
    FROM answer
    CROSS JOIN run
    WHERE coalesce(answer.created_at::DATE <= run.as_of, true)
),
known AS (
    SELECT DISTINCT message_root, message_extension
    FROM frame
    WHERE message_root IS NOT NULL OR message_extension IS NOT NULL
),
told AS (
    SELECT
        count(*)                                        AS read,
        count(*) FILTER (known.message_root IS NULL AND known.message_extension IS NULL) AS to_unknown,
        count(*) FILTER (heard.verdict IS NULL)         AS unproving
    FROM heard
    LEFT JOIN known
        ON  known.message_root IS NOT DISTINCT FROM heard.target_root
        AND known.message_extension IS NOT DISTINCT FROM heard.target_extension
),
contradicted AS (
    SELECT count(*) AS disagreeing
    FROM (
        SELECT target_root, target_extension
        FROM heard
        WHERE target_root IS NOT NULL OR target_extension IS NOT NULL
        GROUP BY target_root, target_extension
        HAVING count(DISTINCT verdict) > 1
    )
),
standing AS (
    SELECT
        count(*) FILTER (acknowledged.acknowledgement = 'acknowledged') AS acknowledged,
        count(*) FILTER (acknowledged.acknowledgement = 'refused')      AS refused,
        count(*) FILTER (acknowledged.acknowledgement = 'unanswered')   AS unanswered,
        count(*) FILTER (acknowledged.acknowledgement IS NULL)          AS no_answers
    FROM numbered_standing AS document
    LEFT JOIN (FROM document_acknowledgement WHERE NOT at_last) AS acknowledged USING (document_no)
    WHERE document.standing <> 'after-as-of'
)
SELECT
    told.read, told.to_unknown, told.unproving, contradicted.disagreeing,
    standing.acknowledged, standing.refused, standing.unanswered, standing.no_answers
FROM told
CROSS JOIN contradicted
CROSS JOIN standing;
