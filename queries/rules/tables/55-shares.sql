-- Archived shares of municipalities and age groups, each compared with the rest of the county, not with itself, and how
-- probably so few would be archived by chance alone (Fisher's exact test). The municipality is the register row's own: where
-- only archived rows had one, every share would be 100 %.
CREATE OR REPLACE TEMP VIEW share_compared AS
WITH decided AS (
    SELECT ledger.source_id, ledger.age_group, ledger.class = 'archived' AS archived
    FROM ledger
    WHERE ledger.layer = 'service-task' AND ledger.class IN ('archived', 'partial', 'missing')
),
part AS (
    SELECT 'municipality' AS of_what, written.municipality AS part, decided.archived
    FROM decided
    JOIN register_episode AS written USING (source_id)
    UNION ALL
    SELECT 'age-group', age_group, archived
    FROM decided
),
counted AS (
    SELECT of_what, part, count(*) AS rows, count(*) FILTER (archived) AS archived
    FROM part
    WHERE part IS NOT NULL
    GROUP BY of_what, part
),
whole AS (
    SELECT of_what, sum(rows)::BIGINT AS rows, sum(archived)::BIGINT AS archived
    FROM counted
    GROUP BY of_what
)
SELECT
    counted.of_what,
    counted.part,
    counted.rows,
    counted.archived,
    whole.rows - counted.rows         AS rest_rows,
    whole.archived - counted.archived AS rest_archived,
    list_sum(list_transform(
        -- As few archived ones or fewer, had the group been picked blindly (hypergeometric; ln n! is lgamma(n + 1)).
        range(greatest(counted.rows - (whole.rows - whole.archived), 0), counted.archived + 1),
        lambda k: exp(
            lgamma(whole.archived + 1) - lgamma(k + 1) - lgamma(whole.archived - k + 1)
            + lgamma(whole.rows - whole.archived + 1) - lgamma(counted.rows - k + 1)
            - lgamma(whole.rows - whole.archived - counted.rows + k + 1)
            - lgamma(whole.rows + 1) + lgamma(counted.rows + 1)
            + lgamma(whole.rows - counted.rows + 1)
        )
    )) AS chance
FROM counted
JOIN whole USING (of_what)
WHERE whole.rows > counted.rows;
