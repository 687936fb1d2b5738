-- What can be said of an identifier without showing it. The check character is one of 31, by the number that the nine
-- digits make (Population Register's rule); only identifiers of root 1.2.246.21 have one.
CREATE OR REPLACE TEMP TABLE identity_fact AS
WITH shaped AS (
    SELECT
        identity_key,
        root,
        root = '1.2.246.21'                                                               AS national,
        regexp_full_match(value, '\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]')                  AS well_shaped,
        -- Numbers 002 to 899 are given to people, 900 to 999 are for trying; nobody has 000 or 001.
        value[8:10] NOT IN ('000', '001')                                                  AS number_given,
        value
    FROM main.person_identity
),
dated AS (
    SELECT
        *,
        born_by_identifier(root, value) AS born,
        CASE
            WHEN national AND well_shaped
            THEN '0123456789ABCDEFHJKLMNPRSTUVWXY'[1 + (value[1:6] || value[8:10])::INTEGER % 31] = value[11]
        END AS check_holds
    FROM shaped
)
SELECT
    identity_key,
    root,
    national,
    -- Null for identifiers that have no check character.
    CASE WHEN national THEN born IS NOT NULL AND number_given AND check_holds END AS valid
FROM dated;
