-- Every identity that a document or a register row names, and whose it is. Persons, documents, rows, organisers and tasks
-- have numbers beside their keys, here and in all later steps: joins by number take a third of the time and memory of
-- joins by key. Tables named numbered_ have nothing but numbers, dates and short texts; for each stands a view that puts
-- the keys back for those who read. The numbers hold for one run, and nothing shows them.
CREATE OR REPLACE TEMP TABLE known_identity AS
WITH named AS (
    SELECT identity_key FROM document_person
    UNION
    SELECT identity_key FROM register_episode
    UNION
    SELECT identity_key FROM quarantine_person
    UNION
    SELECT identity_key FROM person_link
),
numbered AS MATERIALIZED (
    -- total: any order will do, since nothing shows the numbers; they are given once
    SELECT identity_key, row_number() OVER () AS identity_no FROM named WHERE identity_key IS NOT NULL
),
leader AS (
    SELECT identity_key AS person_key, identity_no AS person_no
    FROM numbered
    SEMI JOIN person_link ON person_link.person_key = numbered.identity_key
)
SELECT
    numbered.identity_key,
    numbered.identity_no,
    coalesce(person_link.person_key, numbered.identity_key) AS person_key,
    coalesce(leader.person_no, numbered.identity_no)        AS person_no
FROM numbered
LEFT JOIN person_link USING (identity_key)
LEFT JOIN leader ON leader.person_key = person_link.person_key;

CREATE OR REPLACE TEMP TABLE person AS
SELECT DISTINCT person_no, person_key FROM known_identity;

-- Who stands beside the client of a client-relationship document: named by the content alone, in a place where the header
-- has no client. The relationship is the recordTarget's, so the document is not about them.
CREATE OR REPLACE TEMP TABLE numbered_bystander AS
WITH place AS (
    SELECT document_key, slot
    FROM document_person
    WHERE slot > 0
    GROUP BY document_key, slot
    HAVING bool_and(origin = 'content')
)
SELECT DISTINCT document.rowid AS document_no, place.slot, identity.person_no
FROM place
JOIN document USING (document_key)
JOIN document_person USING (document_key, slot)
JOIN known_identity AS identity USING (identity_key)
WHERE document.kind = 'client-relationship';

-- Which documents are about which person, by which identity. Of the identities that one client of a document has,
-- one leads: the header's before the content's, a henkilötunnus before a temporary identifier.
CREATE OR REPLACE TEMP TABLE numbered_document_identity AS
WITH named AS (
    SELECT
        document.rowid                                                        AS document_no,
        identity.identity_no,
        document_person.slot,
        min(identity.person_no)                                               AS person_no,
        min(CASE document_person.origin WHEN 'header' THEN 0 ELSE 1 END)      AS origin_rank,
        min(document_person.municipality)                                     AS municipality
    FROM document_person
    JOIN document USING (document_key)
    JOIN known_identity AS identity USING (identity_key)
    ANTI JOIN document_copy USING (document_key)
    ANTI JOIN numbered_bystander AS bystander
        ON bystander.document_no = document.rowid AND bystander.slot = document_person.slot
    GROUP BY document.rowid, identity.identity_no, document_person.slot
),
several AS (
    -- Most clients have one identity, and nothing is to be chosen.
    SELECT document_no, slot FROM named GROUP BY document_no, slot HAVING count(*) > 1
),
leader AS (
    SELECT
        named.document_no,
        named.slot,
        -- total: an identity has one key
        arg_min(
            named.identity_no,
            (named.origin_rank, CASE identity.root WHEN '1.2.246.21' THEN 0 ELSE 1 END, known.identity_key)
        ) AS identity_no
    FROM named
    SEMI JOIN several USING (document_no, slot)
    JOIN known_identity AS known USING (identity_no)
    LEFT JOIN person_identity AS identity USING (identity_key)
    GROUP BY named.document_no, named.slot
)
SELECT
    named.* EXCLUDE (origin_rank),
    coalesce(leader.identity_no = named.identity_no, true) AS leads
FROM named
LEFT JOIN leader USING (document_no, slot);

CREATE OR REPLACE TEMP TABLE numbered_document_about AS
SELECT document_no, person_no, bool_or(leads) AS leads
FROM numbered_document_identity
GROUP BY document_no, person_no;

-- Persons whom some document names as one client, without an identities row that says so: never merged, but an
-- archived episode of the one is not missing from the register when the other has a row.
CREATE OR REPLACE TEMP TABLE named_together AS
WITH pair AS (
    SELECT DISTINCT one.person_no, other.person_no AS also_no
    FROM numbered_document_identity AS one
    JOIN numbered_document_identity AS other USING (document_no, slot)
    WHERE one.person_no <> other.person_no
)
SELECT pair.person_no, pair.also_no, one.person_key, other.person_key AS also_key
FROM pair
JOIN person AS one ON one.person_no = pair.person_no
JOIN person AS other ON other.person_no = pair.also_no;
