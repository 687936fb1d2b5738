-- The birth date inside a henkilötunnus; null for anything else.
CREATE OR REPLACE TEMP MACRO born_by_identifier(root, value) AS
    CASE
        WHEN root = '1.2.246.21' AND regexp_full_match(value, '\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]')
        THEN try_strptime(
            value[1:4]
            || CASE
                WHEN value[7] = '+' THEN '18'
                WHEN contains('-YXWVU', value[7]) THEN '19'
                ELSE '20'
            END
            || value[5:6],
            '%d%m%Y'
        )::DATE
    END;

-- When a person was born. The newest current document that tells a birth date decides, else the register's row that began
-- last, else what a database of before remembers, else the henkilötunnus itself. What is told of a henkilötunnus goes before
-- what is told of a temporary identifier. No period plays a part; rules do not see this table.
CREATE OR REPLACE TEMP TABLE numbered_birth AS
WITH told AS (
    -- Most documents of a person tell the same: each date counts once, by the newest that tells it.
    SELECT document_person.identity_key, 1 AS teller, max(standing.stored_on) AS told_on, document_person.birth_date
    FROM document_person
    JOIN document USING (document_key)
    JOIN numbered_standing AS standing ON standing.document_no = document.rowid AND standing.standing = 'current'
    WHERE document_person.birth_date IS NOT NULL
    GROUP BY document_person.identity_key, document_person.birth_date
    UNION ALL
    SELECT identity_key, 2, start_lo, birth_date
    FROM register_episode
    WHERE birth_date IS NOT NULL
    UNION ALL
    SELECT identity_key, 3, NULL, birth_date
    FROM person_identity
    WHERE birth_date IS NOT NULL
    UNION ALL
    SELECT identity_key, 4, NULL, born_by_identifier(root, value)
    FROM person_identity
    WHERE root = '1.2.246.21'
)
SELECT
    known.person_no,
    -- total: of several that were told on one day the earliest
    arg_min(
        told.birth_date,
        (
            CASE identity.root WHEN '1.2.246.21' THEN 0 ELSE 1 END,
            told.teller,
            date_diff('day', coalesce(told.told_on, DATE '1900-01-01'), DATE '9999-12-31'),
            told.birth_date
        )
    ) AS birth_date
FROM told
JOIN known_identity AS known USING (identity_key)
LEFT JOIN person_identity AS identity USING (identity_key)
WHERE told.birth_date IS NOT NULL
GROUP BY known.person_no;

-- Their age group on the first day of the period.
CREATE OR REPLACE TEMP TABLE person_age AS
SELECT
    person.person_no,
    CASE
        WHEN date_sub('year', person.birth_date, run.period_start) < 18 THEN '0-17'
        WHEN date_sub('year', person.birth_date, run.period_start) < 65 THEN '18-64'
        WHEN date_sub('year', person.birth_date, run.period_start) < 75 THEN '65-74'
        WHEN date_sub('year', person.birth_date, run.period_start) < 85 THEN '75-84'
        ELSE '85+'
    END AS age_group
FROM numbered_birth AS person
CROSS JOIN run;
