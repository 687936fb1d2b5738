-- What a face pages through: the ledger, what needs somebody first. Of safety-restricted persons (`hidden`) the ledger
-- tells no municipality, unit or producer.
CREATE OR REPLACE TEMP VIEW browsed_row AS
SELECT
    ledger.source_id,
    ledger.person_key,
    ledger.layer,
    ledger.service_task,
    ledger.organiser,
    ledger.unit,
    ledger.producer,
    ledger.municipality,
    ledger.age_group,
    ledger.start,
    ledger.end,
    ledger.class,
    ledger.reasons,
    ledger.days_expected,
    ledger.days_archived,
    ledger.documents,
    -- As the cells tell it: who was merged stands under the unit after it.
    coalesce(after.told, ledger.unit) AS unit_now,
    restricted_person.person_key IS NOT NULL AS hidden,
    list_position(['missing', 'partial', 'undetermined', 'archived', 'excluded'], ledger.class) AS rank
FROM ledger
LEFT JOIN restricted_person USING (person_key)
LEFT JOIN succession AS after ON after.kind = 'units' AND after.old = ledger.unit;

-- What a row is put together with others by, column by column; dates by their month, reasons by the first.
CREATE OR REPLACE TEMP MACRO group_of(
    name, class, layer, service_task, reasons, municipality, unit_now, producer, age_group, organiser, start, finish, person_key
) AS
CASE name
    WHEN 'class' THEN class
    WHEN 'task' THEN layer || ' ' || coalesce(service_task, '')
    WHEN 'reasons' THEN reasons[1]
    WHEN 'municipality' THEN municipality
    WHEN 'unit' THEN unit_now
    WHEN 'producer' THEN producer
    WHEN 'age_group' THEN age_group
    WHEN 'organiser' THEN organiser
    WHEN 'start' THEN left(start, 7)
    WHEN 'end' THEN left(finish, 7)
    WHEN 'person_key' THEN person_key
END;

-- The rows that are chosen. A null choice chooses all; `place_kind` says which dimension `place` is of.
-- `typed`: words, each with the codes whose names hold it (m: municipality, t: service task, u: unit, l: layer, c: class, r: reason);
-- every word must be found. `groups`: columns, each with the group (`group_of`) that a row must be in. `sort_key`: by what the rows stand in order, before their source_id.
CREATE OR REPLACE TEMP MACRO chosen_row(
    in_layer, in_task, place_kind, place, in_classes, with_reasons, sought, typed, groups, ordering
) AS TABLE
SELECT
    *,
    CASE ordering
        WHEN 'source_id' THEN ''
        WHEN 'task' THEN layer || ' ' || coalesce(service_task, '')
        WHEN 'start' THEN coalesce(start, '')
        WHEN 'end' THEN coalesce("end", '9999')
        -- The most days without an archived document first.
        WHEN 'days' THEN lpad((99999999 - (days_expected - days_archived))::VARCHAR, 8, '0')
        WHEN 'reasons' THEN coalesce(reasons[1], '~')
        WHEN 'municipality' THEN coalesce(municipality, '~')
        WHEN 'unit' THEN coalesce(unit_now, '~')
        ELSE rank::VARCHAR
    END AS sort_key
FROM browsed_row
WHERE (in_layer IS NULL OR (layer = in_layer AND service_task IS NOT DISTINCT FROM in_task))
  AND (place_kind IS NULL
       OR (place_kind = 'age_group' AND age_group IS NOT DISTINCT FROM place)
       OR (place_kind = 'municipality' AND municipality IS NOT DISTINCT FROM place)
       OR (place_kind = 'unit' AND unit_now IS NOT DISTINCT FROM place)
       OR (place_kind = 'producer' AND producer IS NOT DISTINCT FROM place))
  AND (len(in_classes) = 0 OR list_contains(in_classes, class))
  AND (len(with_reasons) = 0 OR list_has_any(reasons, with_reasons))
  AND (sought IS NULL OR starts_with(source_id, sought) OR person_key = sought OR list_contains(documents, sought))
  AND (len(typed) = 0 OR len(list_filter(typed, lambda one: (
        contains(lower(concat_ws(' ', source_id, person_key, start, "end", municipality, service_task, unit_now)), one.word)
        OR list_contains(one.codes, 'm:' || municipality)
        OR list_contains(one.codes, 't:' || service_task)
        OR list_contains(one.codes, 'u:' || unit_now)
        OR list_contains(one.codes, 'l:' || layer)
        OR list_contains(one.codes, 'c:' || class)
        OR list_has_any(one.codes, list_transform(reasons, lambda reason: 'r:' || reason))
      ) IS NOT true)) = 0)
  AND (len(groups) = 0 OR len(list_filter(groups, lambda one:
        group_of(one.name, class, layer, service_task, reasons, municipality, unit_now, producer, age_group, organiser, start,
                 "end", person_key) IS DISTINCT FROM one.value)) = 0);

-- What rules found, once they have been run.
CREATE OR REPLACE TEMP TABLE rule_finding (
    code         VARCHAR,
    subject      VARCHAR,
    person_key   VARCHAR,
    service_task VARCHAR,
    municipality VARCHAR,
    document     VARCHAR,
    place        VARCHAR
);
