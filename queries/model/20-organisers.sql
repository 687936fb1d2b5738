-- Whose rows count. The scope is the setting `organisers`, else the organisers of the register's rows, of either kind: a
-- list of services alone names its organiser as well as one of episodes. Who has a successor stands for it; `told` is what it is
-- called in this period.
CREATE OR REPLACE TEMP TABLE scope_organiser AS
WITH written AS (
    SELECT DISTINCT unnest(
        CASE
            WHEN len(run.organisers) > 0 THEN run.organisers
            ELSE (
                SELECT coalesce(list_sort(list(DISTINCT organiser)), [])
                FROM (SELECT organiser FROM register_episode UNION SELECT organiser FROM register_service)
            )
        END
    ) AS organiser
    FROM run
)
SELECT
    -- total: an old name stands once in its kind, and of two that begin a name one is the longer
    coalesce(max_by(succession.new || written.organiser[len(succession.old) + 1:], len(succession.old)), written.organiser)
        AS organiser,
    -- total: as above
    coalesce(max_by(succession.told || written.organiser[len(succession.old) + 1:], len(succession.old)), written.organiser)
        AS told
FROM written
LEFT JOIN succession
    ON  succession.kind = 'organisers'
    AND (written.organiser = succession.old OR starts_with(written.organiser, succession.old || '.'))
GROUP BY written.organiser;

-- Every organiser OID in the data, the scope entry it stands for (the shortest that equals it or its successor, or is a
-- dot-bounded prefix), and whether it is in scope. Outside the scope an OID stands for its successor, else for itself.
CREATE OR REPLACE TEMP TABLE organiser_of AS
WITH named AS (
    SELECT organiser AS oid FROM register_episode
    UNION
    SELECT organiser FROM register_service
    UNION
    SELECT organiser FROM document
    UNION
    SELECT organiser FROM quarantine
    UNION
    -- What was remembered before the successor came is compared too.
    SELECT remembered_row.organiser
    FROM remembered_row
    SEMI JOIN succession
        ON  succession.kind = 'organisers'
        AND (remembered_row.organiser = succession.old OR starts_with(remembered_row.organiser, succession.old || '.'))
),
succeeded AS (
    SELECT
        named.oid,
        -- total: as above
        coalesce(max_by(succession.new || named.oid[len(succession.old) + 1:], len(succession.old)), named.oid) AS now
    FROM named
    LEFT JOIN succession
        ON  succession.kind = 'organisers'
        AND (named.oid = succession.old OR starts_with(named.oid, succession.old || '.'))
    WHERE named.oid IS NOT NULL
    GROUP BY named.oid
),
scoped AS (
    SELECT
        succeeded.oid,
        coalesce(first(scope.organiser ORDER BY len(scope.organiser), scope.organiser), succeeded.now) AS organiser,
        count(scope.organiser) > 0                                                                    AS in_scope
    FROM succeeded
    LEFT JOIN scope_organiser AS scope
        ON succeeded.now = scope.organiser OR starts_with(succeeded.now, scope.organiser || '.')
    GROUP BY succeeded.oid, succeeded.now
)
SELECT *, dense_rank() OVER (ORDER BY organiser) AS organiser_no
FROM scoped;

-- Organisers by number: what they are called in results.
CREATE OR REPLACE TEMP TABLE organiser AS
SELECT DISTINCT organiser_no, organiser FROM organiser_of;
