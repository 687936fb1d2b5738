-- The components in $parts parts of about the same weight. One that is heavier than a part should be stays whole.

CREATE OR REPLACE TEMP TABLE part_of AS
WITH weighed AS (
    -- A person, a document and a row weigh one each.
    SELECT person_no AS node, 1 AS weight FROM person
    UNION ALL
    SELECT stands_for, 1 FROM part_thing
    UNION ALL
    SELECT person_no, 1 FROM numbered_row WHERE person_no IS NOT NULL
),
labelled AS (
    SELECT node, sum(weight) AS weight FROM weighed GROUP BY node
),
component AS (
    SELECT labelled.node, coalesce(part_component.label, labelled.node) AS label, labelled.weight
    FROM labelled
    LEFT JOIN part_component USING (node)
),
heavy AS (
    -- Only what hangs together can be heavy.
    SELECT component.label, sum(component.weight) AS weight
    FROM component
    SEMI JOIN part_component ON part_component.label = component.label
    GROUP BY component.label
),
-- Components lie in as many bins as are hardly more work than one, in the order of their names, which are numbers of persons:
-- a part then has its persons side by side, and joins by number in small tables are as quick as in that of the whole. A bin
-- belongs to one part.
span AS (
    SELECT min(label) AS least, (max(label) - min(label)) // 4096 + 1 AS width FROM component
),
binned AS (
    SELECT component.*, (component.label - span.least) // span.width AS bin
    FROM component
    CROSS JOIN span
),
bin AS (
    SELECT bin, sum(weight) AS weight FROM binned GROUP BY bin
),
placed AS (
    SELECT
        bin,
        -- total: a bin has one number
        sum(weight) OVER (ORDER BY bin) - weight / 2 AS middle,
        sum(weight) OVER ()                          AS whole
    FROM bin
)
SELECT
    binned.node,
    least($parts::BIGINT, 1 + (placed.middle * $parts::BIGINT / placed.whole)::DOUBLE // 1)::INTEGER AS part,
    coalesce(heavy.weight, binned.weight)    / placed.whole                                        AS share
FROM binned
JOIN placed USING (bin)
LEFT JOIN heavy USING (label);

CREATE OR REPLACE TEMP TABLE part_person AS
SELECT node AS person_no, part FROM part_of WHERE node > 0;

CREATE OR REPLACE TEMP TABLE part_document AS
SELECT part_thing.document_no, part_of.part
FROM part_thing
JOIN part_of ON part_of.node = part_thing.stands_for
WHERE part_thing.document_no IS NOT NULL;

CREATE OR REPLACE TEMP TABLE part_quarantine AS
SELECT part_thing.member_key, part_of.part
FROM part_thing
JOIN part_of ON part_of.node = part_thing.stands_for
WHERE part_thing.member_key IS NOT NULL;
