-- Organisers that rows and deliveries name, by who answers for them by now: a delivery that named an old organiser told the same.
CREATE OR REPLACE TEMP TABLE organiser_now AS
WITH named AS (
    SELECT organiser FROM ledger_row
    UNION
    SELECT organiser FROM service_ledger
    UNION
    SELECT organiser FROM delivery_row
)
SELECT
    named.organiser,
    -- total: an old name stands once in its kind, and of two that begin a name one is the longer
    coalesce(max_by(succession.new || named.organiser[len(succession.old) + 1:], len(succession.old)), named.organiser) AS now
FROM named
LEFT JOIN succession
    ON  succession.kind = 'organisers'
    AND (named.organiser = succession.old OR starts_with(named.organiser, succession.old || '.'))
GROUP BY named.organiser;

-- Every row that a delivery could be about: episodes of the ledger, and supplementary services of theirs.
CREATE OR REPLACE TEMP VIEW delivery_candidate AS
WITH candidate AS (
    SELECT
        'episodes' AS part, source_id, layer, NULL::VARCHAR AS kind, identity_key, organiser, service_task,
        NULL::VARCHAR AS social_service, NULL::VARCHAR AS decided, start, "end", unit, municipality, class
    FROM ledger_row
    UNION ALL
    SELECT
        'services', source_id, NULL, kind, identity_key, organiser, service_task, social_service, decided, start, "end",
        NULL, NULL, class
    FROM service_ledger
)
SELECT candidate.*, organiser_now.now AS organiser_now
FROM candidate
LEFT JOIN organiser_now USING (organiser);
