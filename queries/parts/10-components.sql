-- Which persons and documents hang together: through a document that names both, versions of one set, documents of one id,
-- or something in quarantine. What hangs together is compared in one part; between two parts nothing is to be compared.
-- Persons are those of 08-joined-identities.sql, so identities that the register joins are one already; whom a frame and an
-- answer speak of was settled before the cut, of the whole.

-- Documents, and what is in quarantine with an id, a set or a person, as numbers below those of persons; and of each the
-- first person it is about, who stands for it. What is about nobody stands for itself.
CREATE OR REPLACE TEMP TABLE part_thing AS
WITH thing AS (
    SELECT -1 - document.rowid AS thing_no, document.rowid AS document_no, NULL::VARCHAR AS member_key
    FROM document
    UNION ALL
    SELECT
        -2 - (SELECT coalesce(max(document.rowid), 0) FROM document) - quarantine.rowid, NULL, quarantine.member_key
    FROM quarantine
),
about AS (
    SELECT document_no, min(person_no) AS person_no
    FROM (
        SELECT document_no, person_no FROM numbered_document_about
        UNION ALL
        SELECT document_no, person_no FROM numbered_bystander
    )
    GROUP BY document_no
),
aside AS (
    SELECT quarantine_person.member_key, min(identity.person_no) AS person_no
    FROM quarantine_person
    JOIN known_identity AS identity USING (identity_key)
    GROUP BY quarantine_person.member_key
)
SELECT thing.*, coalesce(about.person_no, aside.person_no, thing.thing_no) AS stands_for
FROM thing
LEFT JOIN about USING (document_no)
LEFT JOIN aside USING (member_key);

-- What joins two of them. Most documents are about one person and have a set and an id of their own: they join nothing.
CREATE OR REPLACE TEMP TABLE part_edge AS
WITH named AS (
    SELECT part_thing.stands_for AS here, about.person_no AS there
    FROM part_thing
    JOIN (
        SELECT document_no, person_no FROM numbered_document_about
        UNION ALL
        SELECT document_no, person_no FROM numbered_bystander
    ) AS about USING (document_no)
    WHERE part_thing.stands_for <> about.person_no
    UNION ALL
    SELECT part_thing.stands_for, identity.person_no
    FROM part_thing
    JOIN quarantine_person USING (member_key)
    JOIN known_identity AS identity USING (identity_key)
),
called AS (
    -- Sets and ids by their hashes: where two of them had one, more would hang together than does, and nothing less.
    SELECT -1 - document.rowid AS thing_no, hash('set', document.set_id) AS name FROM document WHERE set_id IS NOT NULL
    UNION ALL
    SELECT -1 - document.rowid, hash('id', document.oid) FROM document WHERE oid IS NOT NULL
    UNION ALL
    SELECT part_thing.thing_no, hash('set', quarantine.set_id)
    FROM part_thing
    JOIN quarantine USING (member_key)
    WHERE quarantine.set_id IS NOT NULL
    UNION ALL
    SELECT part_thing.thing_no, hash('id', quarantine.oid)
    FROM part_thing
    JOIN quarantine USING (member_key)
    WHERE quarantine.oid IS NOT NULL
),
shared AS (
    SELECT name FROM called GROUP BY name HAVING count(*) > 1
),
sharing AS (
    SELECT shared.name, part_thing.stands_for
    FROM called
    JOIN shared USING (name)
    JOIN part_thing USING (thing_no)
),
first AS (
    SELECT name, min(stands_for) AS here FROM sharing GROUP BY name
),
joined AS (
    FROM named
    UNION
    SELECT first.here, sharing.stands_for
    FROM sharing
    JOIN first USING (name)
)
SELECT here, there FROM joined WHERE here <> there
UNION
SELECT there, here FROM joined WHERE here <> there;

-- The smallest number in reach of each is the name of its component.
CREATE OR REPLACE TEMP TABLE part_component AS
WITH RECURSIVE component (node, label) USING KEY (node) AS (
    SELECT DISTINCT here, here FROM part_edge
    UNION
    SELECT known.node, min(component.label)
    FROM component
    JOIN part_edge AS edge ON edge.here = component.node
    JOIN recurring.component AS known ON known.node = edge.there
    WHERE component.label < known.label
    GROUP BY known.node
)
SELECT node, label FROM component;
