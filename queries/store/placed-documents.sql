-- Set and version of documents that do not say their own: by what they replace. A document without a setId belongs to the set
-- of the document that it replaces, one without a version number is newer than that. What a document says of itself is never
-- changed, also where its relation says otherwise; what it does not say, its frame may. All of it follows from what the
-- database holds, whatever came first, and is found anew each time: where a document comes or goes, others find their place.

-- Documents that leave out one or the other, with their relation: their own, else that of their newest frame that has one.
CREATE OR REPLACE TEMP TABLE placed_lacking AS
WITH lacking AS (
    SELECT
        document_key,
        oid,
        CASE WHEN NOT list_contains(problems, 'missing-set-id') THEN set_id END   AS own_set,
        CASE WHEN NOT list_contains(problems, 'missing-version') THEN version END AS own_version,
        set_id,
        version,
        replaces_oid,
        replaces_set_id,
        replaces_version
    FROM document
    WHERE list_has_any(problems, ['missing-set-id', 'missing-version'])
),
sent AS (
    SELECT
        frame.oid,
        -- total: a frame names a document once, and two that tell the same are one
        max({
            'sent_at': coalesce(frame.created_at, TIMESTAMP '0001-01-01'),
            'frame_key': frame.frame_key,
            'set_id': frame.set_id,
            'version': frame.version,
            'replaces_oid': frame.replaces_oid,
            'replaces_set_id': frame.replaces_set_id,
            'replaces_version': frame.replaces_version
        }) AS newest
    FROM frame
    SEMI JOIN lacking USING (oid)
    WHERE NOT frame.voiding
    GROUP BY frame.oid
),
related AS (
    SELECT
        lacking.*,
        coalesce(replaces_oid, replaces_set_id, replaces_version::VARCHAR) IS NOT NULL AS relates,
        nullif(sent.newest.set_id, lacking.oid)                                        AS sent_set,
        sent.newest.version                                                            AS sent_version,
        sent.newest                                                                    AS sent
    FROM lacking
    LEFT JOIN sent USING (oid)
)
SELECT
    document_key,
    oid,
    own_set,
    -- A frame that names another set than the document does is not about it.
    coalesce(own_version, CASE WHEN coalesce(own_set = sent.set_id, true) THEN sent_version END) AS said_version,
    sent_set,
    set_id,
    version,
    nullif(CASE WHEN relates THEN replaces_oid ELSE sent.replaces_oid END, oid)  AS replaced_oid,
    CASE WHEN relates THEN replaces_set_id ELSE sent.replaces_set_id END         AS replaced_set,
    CASE WHEN relates THEN replaces_version ELSE sent.replaces_version END       AS replaced_version
FROM related
WHERE relates
   OR coalesce(sent_set, sent_version::VARCHAR, sent.replaces_oid, sent.replaces_set_id) IS NOT NULL
   -- Placed once by what is gone now.
   OR (own_set IS NULL AND set_id <> oid)
   OR (own_version IS NULL AND version <> 1);

-- What is known beside them, also of what is in quarantine: the sets and ids that they name.
CREATE OR REPLACE TEMP TABLE placed_known AS
WITH known AS (
    SELECT oid, set_id, version, document_key, NULL AS perhaps_replaces FROM document
    UNION ALL
    -- What is in quarantine may name as its set the id of what it replaces; its own id says nothing.
    SELECT oid, nullif(set_id, oid), version, NULL, nullif(set_id, oid) FROM quarantine WHERE oid IS NOT NULL
),
named AS (
    SELECT replaced_set AS name FROM placed_lacking
    UNION
    SELECT replaced_oid FROM placed_lacking
    UNION
    SELECT own_set FROM placed_lacking
    UNION
    SELECT sent_set FROM placed_lacking
    UNION
    SELECT oid FROM placed_lacking
    UNION
    SELECT nullif(set_id, oid) FROM quarantine WHERE EXISTS (FROM placed_lacking)
)
SELECT known.oid, known.set_id, known.version, known.perhaps_replaces
FROM known
ANTI JOIN placed_lacking USING (document_key)
WHERE known.oid IN (SELECT name FROM named WHERE name IS NOT NULL)
   OR known.set_id IN (SELECT name FROM named WHERE name IS NOT NULL);

-- One row an id: each leads to at most one other, the one that it replaces.
CREATE OR REPLACE TEMP TABLE placed_node AS
WITH known_id AS (
    SELECT oid FROM placed_known
    UNION
    SELECT oid FROM placed_lacking
),
known_set AS (
    SELECT set_id FROM placed_known WHERE set_id IS NOT NULL
    UNION
    SELECT oid FROM placed_known
    UNION
    SELECT own_set FROM placed_lacking WHERE own_set IS NOT NULL
),
newest_of_set AS (
    SELECT set_id, max(version) AS version FROM placed_known GROUP BY set_id
),
told AS (
    SELECT
        known.oid,
        CASE WHEN known_id.oid IS NULL THEN known.set_id END AS said_set,
        known.version                                        AS said_version,
        known_id.oid                                         AS replaced_oid,
        NULL                                                 AS replaced_version,
        NULL                                                 AS least_version
    FROM placed_known AS known
    LEFT JOIN known_id ON known_id.oid = known.perhaps_replaces
    UNION ALL
    SELECT
        lacking.oid,
        coalesce(
            own_set,
            -- A set that nobody else knows is a set too, unless the replaced document is here and says which it is.
            CASE WHEN known_set.set_id IS NOT NULL OR known_id.oid IS NULL THEN replaced_set END,
            sent_set
        ) AS said,
        lacking.said_version,
        known_id.oid,
        lacking.replaced_version,
        CASE WHEN coalesce(replaced_oid, replaced_set) IS NOT NULL THEN coalesce(newest_of_set.version, 1) + 1 END
    FROM placed_lacking AS lacking
    LEFT JOIN known_id ON known_id.oid = lacking.replaced_oid
    LEFT JOIN known_set ON known_set.set_id = lacking.replaced_set
    LEFT JOIN newest_of_set ON newest_of_set.set_id = coalesce(own_set, replaced_set, sent_set, replaced_oid)
)
SELECT
    told.oid,
    max(told.said_set)                                        AS said_set,
    max(told.said_version)                                    AS said_version,
    max(told.replaced_oid)                                    AS replaced_oid,
    max(told.replaced_version)                                AS replaced_version,
    max(told.least_version)                                   AS least_version,
    max(coalesce(lacking.replaced_set, lacking.replaced_oid)) AS replaced_name
FROM told
LEFT JOIN placed_lacking AS lacking USING (oid)
GROUP BY told.oid;

-- From what replaces nothing that is here, on to what replaces it.
CREATE OR REPLACE TEMP TABLE placed_chain AS
WITH RECURSIVE chain (oid, set_id, version) AS (
    SELECT
        oid,
        coalesce(said_set, replaced_name, oid),
        coalesce(said_version, replaced_version + 1, least_version, 1)
    FROM placed_node
    WHERE replaced_oid IS NULL
    UNION ALL
    SELECT
        node.oid,
        coalesce(node.said_set, chain.set_id),
        coalesce(node.said_version, greatest(node.replaced_version, chain.version) + 1)
    FROM chain
    JOIN placed_node AS node ON node.replaced_oid = chain.oid
)
FROM chain;

-- Documents that replace each other in a circle: which is the newest nobody can say. They are one set, by the smallest id of
-- those that hang together, with the numbers that they tell: where these are the same, a conflict.
INSERT INTO placed_chain
WITH RECURSIVE circle AS (
    SELECT * FROM placed_node ANTI JOIN placed_chain USING (oid)
),
edge AS (
    SELECT oid AS here, replaced_oid AS there FROM circle
    UNION
    SELECT replaced_oid, oid FROM circle
),
component (oid, label) USING KEY (oid) AS (
    SELECT oid, oid FROM circle
    UNION
    SELECT known.oid, min(component.label)
    FROM component
    JOIN edge ON edge.here = component.oid
    JOIN recurring.component AS known ON known.oid = edge.there
    WHERE component.label < known.label
    GROUP BY known.oid
)
SELECT circle.oid, coalesce(circle.said_set, component.label), coalesce(circle.said_version, circle.replaced_version + 1, 1)
FROM circle
JOIN component USING (oid);

UPDATE document
SET set_id = placed.set_id, version = placed.version
FROM (
    SELECT
        lacking.document_key,
        coalesce(lacking.own_set, chain.set_id)           AS set_id,
        coalesce(lacking.said_version, chain.version)     AS version
    FROM placed_lacking AS lacking
    JOIN placed_chain AS chain USING (oid)
    WHERE (lacking.set_id, lacking.version)
        IS DISTINCT FROM (coalesce(lacking.own_set, chain.set_id), coalesce(lacking.said_version, chain.version))
) AS placed
WHERE document.document_key = placed.document_key;

-- What is in quarantine may name as its set the id of what it replaces.
UPDATE quarantine
SET set_id = named.set_id
FROM (
    SELECT oid, max(set_id) AS set_id
    FROM document
    SEMI JOIN quarantine ON quarantine.set_id = document.oid
    GROUP BY oid
    HAVING bool_and(set_id <> oid)
) AS named
WHERE quarantine.set_id = named.oid;
