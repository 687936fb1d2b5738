-- Service tasks: what is published here, and what the codes file adds. Codes of working_age, elderly and
-- family_law are not published, so they are known by key and name until the codes file brings them.
-- Source of codes and Finnish names: national code service, code system 1.2.246.537.6.1221.
CREATE OR REPLACE TEMP MACRO plain_name(name) AS
    -- Spaces of every kind, and letters put together of parts, are as those that are typed.
    lower(trim(regexp_replace(
        regexp_replace(nfc_normalize(name), '[\s\pZ]+', ' ', 'g'), '^\s*\d+\s*[-–:]?\s+', ''
    )));

-- What documents write where a term stands is kept as this mark, unless it is a name that stands below: nobody can read
-- it, but a name of the codes file still matches. Its key is the database's own (analyser/archive/documents/pseudonyms.py). When the
-- persons were forgotten there is no key, but the marks of the terms that the register names (queries/forget/persons.sql).
CREATE OR REPLACE TEMP TABLE text_key AS
SELECT
    coalesce(
        (SELECT value FROM meta WHERE key = 'text_secret'),
        sha256('text' || (SELECT value FROM meta WHERE key = 'person_secret'))
    ) AS text_key,
    json_transform((SELECT value FROM meta WHERE key = 'text_marks'), '"MAP(VARCHAR, VARCHAR)"') AS text_marks;

CREATE OR REPLACE TEMP MACRO text_mark(name) AS
    coalesce(
        'text-' || sha256((SELECT text_key FROM text_key) || plain_name(name))[1:16],
        (SELECT text_marks FROM text_key)[plain_name(name)]
    );

CREATE OR REPLACE TEMP TABLE known_service_task AS
SELECT *
FROM (
    VALUES
    ('24', 'families',         'Lapsiperheiden palvelut',     'Tjänster för barnfamiljer'),
    (NULL, 'working_age',      'Työikäisten palvelut',        'Tjänster för personer i arbetsför ålder'),
    (NULL, 'elderly',          'Iäkkäiden palvelut',          'Tjänster för äldre'),
    ('15', 'substance',        'Päihdehuolto',                'Missbrukarvård'),
    ('20', 'disability',       'Vammaispalvelut',             'Service för personer med funktionsnedsättning'),
    ('10', 'child_protection', 'Lastensuojelu',               'Barnskydd'),
    (NULL, 'family_law',       'Perheoikeudelliset palvelut', 'Familjerättsliga tjänster')
) AS known (code, key, name_fi, name_sv);

-- Rows of the codes file, each with the key it belongs to: its own, else that of its code or its name.
CREATE OR REPLACE TEMP TABLE loaded_service_task AS
SELECT
    loaded.code,
    coalesce(lower(loaded.key), by_code.key, by_name.key, loaded.code) AS key,
    loaded.name_fi,
    loaded.name_sv,
    loaded.in_register
FROM register_code AS loaded
LEFT JOIN known_service_task AS by_code ON by_code.code = loaded.code
LEFT JOIN known_service_task AS by_name ON plain_name(by_name.name_fi) = plain_name(loaded.name_fi);

-- One row a service task; `service_task` is its name in results.
CREATE OR REPLACE TEMP TABLE service_task AS
WITH keyed AS (
    SELECT key, min(code) AS code, min(name_fi) AS name_fi, min(name_sv) AS name_sv,
           bool_and(coalesce(in_register, true)) AS in_register
    FROM loaded_service_task
    GROUP BY key
)
SELECT
    coalesce(known.code, keyed.code, known.key, keyed.key) AS service_task,
    coalesce(known.key, keyed.key)                         AS key,
    coalesce(known.name_fi, keyed.name_fi)                 AS name_fi,
    coalesce(known.name_sv, keyed.name_sv)                 AS name_sv,
    coalesce(keyed.in_register, true)                      AS in_register,
    coalesce(known.key, keyed.key) = 'family_law'          AS family_law
FROM known_service_task AS known
FULL JOIN keyed ON keyed.key = known.key;

-- Everything a service task may be called. A code of the codes file wins over the built-in meaning.
CREATE OR REPLACE TEMP TABLE service_task_alias AS
WITH called AS (
    SELECT 'code' AS kind, code AS alias, key, 1 AS rank FROM loaded_service_task
    UNION ALL
    SELECT 'code', code, key, 2 FROM known_service_task
    UNION ALL
    SELECT 'key', key, key, 1 FROM service_task
    UNION ALL
    SELECT 'name', plain_name(unnest([name_fi, name_sv])), key, 1 FROM loaded_service_task
    UNION ALL
    SELECT 'name', plain_name(unnest([name_fi, name_sv])), key, 2 FROM known_service_task
    UNION ALL
    SELECT 'code', text_mark(code), key, 3 FROM loaded_service_task
    UNION ALL
    SELECT 'name', text_mark(unnest([name_fi, name_sv])), key, 3 FROM loaded_service_task
)
SELECT called.kind, called.alias, first(
    service_task.service_task ORDER BY called.rank, called.key, service_task.service_task
) AS service_task
FROM called
JOIN service_task USING (key)
WHERE called.alias IS NOT NULL
GROUP BY called.kind, called.alias;

-- Coded values of documents: by known code of code system 1221, else by the display name. What stays unresolved
-- keeps its code, marked as unknown.
CREATE OR REPLACE TEMP TABLE document_service_task AS
WITH coded AS (
    SELECT DISTINCT task_system, task_code, task_display FROM client_period
    UNION
    SELECT DISTINCT task_system, task_code, task_display FROM service_task_block
    UNION
    SELECT DISTINCT task_system, task_code, task_display FROM case_fact
    UNION
    SELECT DISTINCT task_system, task_code, task_display FROM service_evidence
    UNION
    SELECT DISTINCT task_system, task_code, task_display FROM document_task
),
known AS (
    SELECT
        coded.*,
        coalesce(by_code.service_task, by_name.service_task) AS service_task
    FROM coded
    LEFT JOIN service_task_alias AS by_code
        ON by_code.kind = 'code' AND by_code.alias = coded.task_code
        AND (coded.task_system IS NULL OR starts_with(coded.task_system || '.', '1.2.246.537.6.1221.'))
    LEFT JOIN service_task_alias AS by_name
        ON by_name.kind = 'name' AND by_name.alias = plain_name(coded.task_display)
)
SELECT
    task_system,
    task_code,
    task_display,
    coalesce(service_task, 'unknown:' || coalesce(task_code, '')) AS service_task,
    service_task IS NOT NULL                                     AS resolved
FROM known
WHERE task_code IS NOT NULL OR task_display IS NOT NULL;

-- Layer and service task in one number. The child-protection layer knows one task only.
CREATE OR REPLACE TEMP TABLE task_number AS
WITH named AS (
    SELECT 'service-task' AS layer, service_task FROM service_task
    UNION
    SELECT 'service-task', service_task FROM document_service_task
    UNION
    SELECT 'child-protection', service_task FROM service_task WHERE key = 'child_protection'
)
-- total: any order will do, since nothing shows the numbers
SELECT layer, service_task, row_number() OVER () AS task_no
FROM named;

-- What register rows write: a code, else an own key, else a name.
CREATE OR REPLACE TEMP TABLE written_service_task AS
WITH written AS (
    SELECT service_task FROM register_episode WHERE service_task IS NOT NULL
    UNION
    SELECT service_task FROM register_service WHERE service_task IS NOT NULL
    UNION
    SELECT service_task FROM register_reference WHERE service_task IS NOT NULL
)
SELECT
    written.service_task AS written,
    coalesce(by_code.service_task, by_key.service_task, by_name.service_task) AS service_task
FROM written
LEFT JOIN service_task_alias AS by_code ON by_code.kind = 'code' AND by_code.alias = trim(written.service_task)
LEFT JOIN service_task_alias AS by_key
    ON by_key.kind = 'key' AND by_key.alias = lower(trim(written.service_task))
LEFT JOIN service_task_alias AS by_name
    ON by_name.kind = 'name' AND by_name.alias = plain_name(written.service_task);
