-- Copies: one document in several spellings of its bytes (other line ends, a byte order mark, another encoding, wrapped in a
-- message), which are as many documents of the store. Where OID, set and version are the same and nothing that was read of
-- them differs, the first by the hash of its bytes is the document and the others are copies of it: no later step counts
-- them, and what is told of one is told of the first. Once the first one's source is let go, the next is the first. Where
-- anything that was read differs, none is a copy: they are a conflict. All of them were stored on one day, for a frame
-- speaks of an OID and a set, and the document's own moments are among what is compared.
CREATE OR REPLACE TEMP TABLE document_copy AS
WITH alike AS (
    SELECT oid, set_id, version
    FROM document
    GROUP BY oid, set_id, version
    HAVING count(*) > 1
),
spelled AS (
    -- What is said of the bytes and of the reading is not what the document says.
    SELECT
        document.rowid       AS document_no,
        document.document_key,
        row(*COLUMNS(document.* EXCLUDE (document_key, size, problems, reader))) AS heading
    FROM document
    SEMI JOIN alike USING (oid, set_id, version)
),
-- Lists are sorted by all that stands in them: equal lists are equal contents, in whatever order they were read.
person AS (
    SELECT document_key, list_sort(list(row(*COLUMNS(* EXCLUDE (document_key, pointer))))) AS told
    FROM document_person SEMI JOIN spelled USING (document_key) GROUP BY document_key
),
block AS (
    SELECT document_key, list_sort(list(row(*COLUMNS(* EXCLUDE (document_key, pointer))))) AS told
    FROM service_task_block SEMI JOIN spelled USING (document_key) GROUP BY document_key
),
period AS (
    SELECT document_key, list_sort(list(row(*COLUMNS(* EXCLUDE (document_key, pointer))))) AS told
    FROM client_period SEMI JOIN spelled USING (document_key) GROUP BY document_key
),
fact AS (
    SELECT document_key, list_sort(list(row(*COLUMNS(* EXCLUDE (document_key, pointer))))) AS told
    FROM case_fact SEMI JOIN spelled USING (document_key) GROUP BY document_key
),
evidence AS (
    SELECT document_key, list_sort(list(row(*COLUMNS(* EXCLUDE (document_key, pointer))))) AS told
    FROM service_evidence SEMI JOIN spelled USING (document_key) GROUP BY document_key
),
task AS (
    SELECT document_key, list_sort(list(row(*COLUMNS(* EXCLUDE (document_key, pointer))))) AS told
    FROM document_task SEMI JOIN spelled USING (document_key) GROUP BY document_key
),
other_identity AS (
    SELECT document_key, list_sort(list(row(*COLUMNS(* EXCLUDE (document_key, pointer))))) AS told
    FROM content_identity SEMI JOIN spelled USING (document_key) GROUP BY document_key
),
called AS (
    SELECT document_key, list_sort(list(row(*COLUMNS(* EXCLUDE (document_key))))) AS told
    FROM unit_name SEMI JOIN spelled USING (document_key) GROUP BY document_key
),
first AS (
    SELECT
        spelled.document_no,
        spelled.document_key,
        min(spelled.document_key) OVER (  -- total: the smallest of the keys, whatever their order
            PARTITION BY
                spelled.heading, person.told, block.told, period.told, fact.told, evidence.told, task.told,
                other_identity.told, called.told
        ) AS first_key
    FROM spelled
    LEFT JOIN person USING (document_key)
    LEFT JOIN block USING (document_key)
    LEFT JOIN period USING (document_key)
    LEFT JOIN fact USING (document_key)
    LEFT JOIN evidence USING (document_key)
    LEFT JOIN task USING (document_key)
    LEFT JOIN other_identity USING (document_key)
    LEFT JOIN called USING (document_key)
)
SELECT document_no, document_key, first_key
FROM first
WHERE document_key <> first_key;
