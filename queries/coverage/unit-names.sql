-- How units and producers are called, for faces: as the county's list says, else as the newest document that names the unit.
-- What documents about persons under a safety restriction say is not repeated.
WITH named AS (
    SELECT
        unit_name.oid,
        -- total: the name itself stands last in the order
        arg_max(unit_name.name, (coalesce(document.effective_at, document.created_at, TIMESTAMP '0001-01-01'),
                                 document.oid, document.document_key, unit_name.name)) AS name
    FROM unit_name
    JOIN document USING (document_key)
    JOIN numbered_standing AS standing ON standing.document_no = document.rowid
    ANTI JOIN restricted_document ON restricted_document.document_no = standing.document_no
    WHERE standing.standing <> 'after-as-of'
    GROUP BY unit_name.oid
)
SELECT
    oid,
    CASE WHEN listed.name_fi IS NULL AND listed.name_sv IS NULL THEN named.name ELSE listed.name_fi END AS name_fi,
    listed.name_sv,
    listed.contact,
    listed.oid IS NOT NULL AS listed
FROM register_unit AS listed
FULL JOIN named USING (oid)
ORDER BY oid;
