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

-- The rows that are chosen. A null choice chooses all; `place_kind` says which dimension `place` is of.
CREATE OR REPLACE TEMP MACRO chosen_row(in_layer, in_task, place_kind, place, in_classes, with_reasons, sought) AS TABLE
SELECT *
FROM browsed_row
WHERE (in_layer IS NULL OR (layer = in_layer AND service_task IS NOT DISTINCT FROM in_task))
  AND (place_kind IS NULL
       OR (place_kind = 'age_group' AND age_group IS NOT DISTINCT FROM place)
       OR (place_kind = 'municipality' AND municipality IS NOT DISTINCT FROM place)
       OR (place_kind = 'unit' AND unit_now IS NOT DISTINCT FROM place)
       OR (place_kind = 'producer' AND producer IS NOT DISTINCT FROM place))
  AND (len(in_classes) = 0 OR list_contains(in_classes, class))
  AND (len(with_reasons) = 0 OR list_has_any(reasons, with_reasons))
  AND (sought IS NULL OR starts_with(source_id, sought) OR person_key = sought OR list_contains(documents, sought));

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
