-- The last step before the files: identifiers come to the rows of the profile (`profile_row`), in the rows' order.
SELECT
    profile_row.* EXCLUDE (ordinal),
    identity.value               AS person_id,
    identity.root                AS person_id_root,
    identity.birth_date::VARCHAR AS birth_date
FROM profile_row
LEFT JOIN person_identity AS identity USING (identity_key)
ORDER BY profile_row.ordinal;
