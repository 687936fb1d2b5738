-- Whose rows count. The scope is the setting `organisers`, else the organisers of the register's rows, of either kind: a
-- list of services alone names its organiser as well as one of episodes.
CREATE OR REPLACE TEMP TABLE scope_organiser AS
SELECT DISTINCT unnest(
    CASE
        WHEN len(run.organisers) > 0 THEN run.organisers
        ELSE (
            SELECT coalesce(list_sort(list(DISTINCT organiser)), [])
            FROM (SELECT organiser FROM register_episode UNION SELECT organiser FROM register_service)
        )
    END
) AS organiser
FROM run;

-- Every organiser OID in the data, the scope entry it stands for (the shortest that equals it or is its
-- dot-bounded prefix), and whether it is in scope. Outside the scope an OID stands for itself.
CREATE OR REPLACE TEMP TABLE organiser_of AS
WITH named AS (
    SELECT organiser AS oid FROM register_episode
    UNION
    SELECT organiser FROM register_service
    UNION
    SELECT organiser FROM document
    UNION
    SELECT organiser FROM quarantine
),
scoped AS (
    SELECT
        named.oid,
        coalesce(first(scope.organiser ORDER BY len(scope.organiser), scope.organiser), named.oid) AS organiser,
        count(scope.organiser) > 0                                               AS in_scope
    FROM named
    LEFT JOIN scope_organiser AS scope
        ON named.oid = scope.organiser OR starts_with(named.oid, scope.organiser || '.')
    WHERE named.oid IS NOT NULL
    GROUP BY named.oid
)
SELECT *, dense_rank() OVER (ORDER BY organiser) AS organiser_no
FROM scoped;

-- Organisers by number: what they are called in results.
CREATE OR REPLACE TEMP TABLE organiser AS
SELECT DISTINCT organiser_no, organiser FROM organiser_of;
