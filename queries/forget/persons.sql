-- What is written in the place of the persons when they are forgotten: `here` is the database as it was, `there` its copy,
-- in which every other table stands already. Nothing that is left out here ever stands in the bytes of the copy.

-- Which keys are of a henkilötunnus is kept: joined persons are shown by it, and keep their person_key.
INSERT INTO there.person_identity BY NAME
SELECT identity_key, root
FROM here.person_identity
WHERE root = '1.2.246.21';

-- The keys of hashes and marks go: whoever held them could try names and identifiers until one fits.
INSERT INTO there.meta BY NAME
SELECT key, value
FROM here.meta
WHERE key NOT IN ('person_secret', 'text_secret', 'text_marks');

INSERT OR REPLACE INTO there.meta BY NAME
SELECT 'persons_forgotten' AS key, 'yes' AS value;

-- As queries/model/30-service-tasks.sql folds a name.
CREATE OR REPLACE TEMP MACRO folded_name(name) AS
    lower(trim(regexp_replace(regexp_replace(name, '\s+', ' ', 'g'), '^\s*\d+\s*[-–:]?\s+', '')));

-- Figures rest on marks where documents write a term that the codes file or a row of a service names. The marks of these
-- terms are kept beside them; a mark of anything else leads nowhere any more.
INSERT INTO there.meta BY NAME
WITH term AS (
    SELECT code AS name FROM here.register_code
    UNION
    SELECT name_fi FROM here.register_code
    UNION
    SELECT name_sv FROM here.register_code
    UNION
    SELECT social_service FROM here.register_service
),
text_key AS (
    SELECT coalesce(
        (SELECT value FROM here.meta WHERE key = 'text_secret'),
        sha256('text' || (SELECT value FROM here.meta WHERE key = 'person_secret'))
    ) AS text_key
),
marked AS (
    SELECT DISTINCT folded_name(name) AS name, 'text-' || sha256(text_key || folded_name(name))[1:16] AS mark
    FROM term, text_key
    WHERE name IS NOT NULL
)
-- total: a name has one mark
SELECT 'text_marks' AS key, to_json(map(list(name ORDER BY name), list(mark ORDER BY name)))::VARCHAR AS value
FROM marked
WHERE mark IS NOT NULL
HAVING count(*) > 0;
