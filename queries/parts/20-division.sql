-- The components in $parts parts of about the same weight, in the order of their names. One that is heavier than a part
-- should be stays whole.

CREATE OR REPLACE TEMP TABLE part_of AS
WITH member AS (
    SELECT person_no AS node FROM person
    UNION ALL
    SELECT thing_no FROM part_thing WHERE stands_for < 0
),
weight AS (
    SELECT stands_for AS node, count(*) AS documents
    FROM part_thing
    GROUP BY stands_for
),
row_weight AS (
    SELECT identity.person_no AS node, count(*) AS rows
    FROM register_episode
    JOIN known_identity AS identity USING (identity_key)
    GROUP BY identity.person_no
),
labelled AS (
    SELECT
        member.node,
        coalesce(part_component.label, member.node)                            AS label,
        1 + coalesce(weight.documents, 0) + coalesce(row_weight.rows, 0)       AS weight
    FROM member
    LEFT JOIN part_component USING (node)
    LEFT JOIN weight USING (node)
    LEFT JOIN row_weight USING (node)
),
component AS (
    SELECT label, sum(weight) AS weight
    FROM labelled
    GROUP BY label
),
placed AS (
    SELECT
        label,
        weight,
        -- total: a component has one name
        sum(weight) OVER (ORDER BY label) - weight / 2 AS middle,
        sum(weight) OVER ()                            AS whole
    FROM component
)
SELECT
    labelled.node,
    least($parts::BIGINT, 1 + (placed.middle * $parts::BIGINT / placed.whole)::DOUBLE // 1)::INTEGER AS part,
    placed.weight / placed.whole                                                                   AS share
FROM labelled
JOIN placed USING (label);

CREATE OR REPLACE TEMP TABLE part_person AS
SELECT node AS person_no, part FROM part_of WHERE node > 0;

CREATE OR REPLACE TEMP TABLE part_document AS
SELECT part_thing.document_no, document.document_key, document.oid, part_of.part
FROM part_thing
JOIN part_of ON part_of.node = part_thing.stands_for
JOIN document ON document.rowid = part_thing.document_no;

CREATE OR REPLACE TEMP TABLE part_quarantine AS
SELECT part_thing.member_key, part_thing.oid, part_of.part
FROM part_thing
JOIN part_of ON part_of.node = part_thing.stands_for
WHERE part_thing.member_key IS NOT NULL;

CREATE OR REPLACE TEMP TABLE part_identity AS
SELECT known_identity.identity_key, part_person.part
FROM known_identity
JOIN part_person USING (person_no);

-- Identities of services alone are known to nothing else: their rows are of the first part.
CREATE OR REPLACE TEMP TABLE part_service AS
SELECT service.rowid AS service_no, coalesce(part_person.part, 1) AS part
FROM register_service AS service
LEFT JOIN person_link USING (identity_key)
LEFT JOIN person ON person.person_key = coalesce(person_link.person_key, service.identity_key)
LEFT JOIN part_person ON part_person.person_no = person.person_no;
