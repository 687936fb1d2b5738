"""The three conditions on seeded situations: judged by their numbers, unknown where the data do not decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from analyser.coverage.condition_values import Condition, ConditionStatus
from analyser.coverage.conditions import Thresholds
from analyser.coverage.measure import coverage
from analyser.coverage.model import Request
from analyser.coverage.names import Names
from analyser.coverage.result import SeparateDelivery
from analyser.dashboard.drawing.pages import condition_lines
from analyser.messages.languages import LANGUAGES
from analyser.report.coverage.evidence import evidence, tables
from analyser.store.database import Database
from tests.delivery.store import ORGANISER, QUARTER, REQUEST, archive, episode, insert, store

TASKS = ("24", "15", "20", "10", "W", "E")
UNITS = ("1.2.246.10.99999901.10.1", "1.2.246.10.99999901.10.2")


@pytest.fixture
def database() -> Iterator[Database]:
    """Everything is met: two municipalities, every task and both layers archived, two units that store every month."""
    with store() as opened:
        for code, key in (("W", "working_age"), ("E", "elderly")):
            insert(opened.connection, "register_code", code=code, key=key, in_register=True)
        for place, people in (("092", 3000), ("091", 1000)):
            insert(opened.connection, "register_population", municipality=place, year=2024, population=people)
        for place, person in (("092", "a"), ("091", "b")):
            for task in TASKS:
                archive(opened, f"{person}{task}", person, task)
                episode(opened, f"{person}-{task}", person, task, municipality=place)
        archive_child_protection(opened)
        for unit in UNITS:
            for month in range(15):
                store_documents(opened, unit, 2024 + month // 12, month % 12 + 1, 6)
        yield opened


def archive_child_protection(database: Database) -> None:
    """Both child-protection episodes of the register are archived."""
    for place, person in (("092", "a"), ("091", "b")):
        insert(
            database.connection,
            "client_period",
            document_key=f"{person}10",
            role="child-protection",
            start_text="2025-01-01",
            start_lo="2025-01-01",
            start_hi="2025-01-01",
        )
        episode(database, f"{person}-cp", person, "10", layer="child-protection", municipality=place)


def store_documents(
    database: Database, unit: str, year: int, month: int, count: int, *, organiser: str = ORGANISER, stored: int = 15
) -> None:
    """Client documents of a unit, made in one month; `stored`: on which day, counted from the month's first."""
    first = dt.datetime(year, month, 1)
    database.connection.execute(
        "INSERT INTO document BY NAME SELECT concat_ws('-', $unit, $month, n) AS document_key, document_key AS oid, "
        "document_key AS set_id, 1 AS version, 'client' AS kind, 'json' AS body, $unit AS unit, "
        "$organiser AS organiser, $made AS effective_at, $stored AS created_at FROM range($count) AS counted(n)",
        {
            "unit": unit,
            "organiser": organiser,
            "month": f"{year}-{month}",
            "count": count,
            "made": first + dt.timedelta(days=14),
            "stored": first + dt.timedelta(days=stored - 1),
        },
    )


def _judge(database: Database, request: Request = REQUEST, limits: Thresholds | None = None) -> SeparateDelivery:
    return coverage(database, request, thresholds=limits).separate_delivery


def _told(condition: Condition) -> dict[str, object]:
    for lang in LANGUAGES:
        sentence = evidence(condition, Names(), lang)
        assert len(sentence) < 330, "evidence is read in one breath"
        assert "None" not in sentence
        assert tables(condition, Names(), lang)
    told = {value.name: value.value for value in condition.values}
    return told | {"status": condition.status.value, "evidence": condition.evidence.split(".")[-1]}


def _rows(condition: Condition, table: str) -> list[dict[str, object]]:
    (found,) = [one for one in condition.details if one.name == table]
    return [dict(zip((name for name, _ in found.columns), row, strict=True)) for row in found.rows]


def _verdict(condition: Condition) -> tuple[object, object]:
    told = _told(condition)
    return told["status"], told["evidence"]


def _forget(database: Database, where: str) -> None:
    database.connection.execute(f"DELETE FROM document WHERE {where}")


def test_all_three_are_met(database: Database) -> None:
    found = _judge(database)
    assert [c.status.value for c in (found.period, found.service_tasks, found.population)] == ["met"] * 3
    assert _told(found.population)["population_share"] == 1.0


def test_a_sentence_writes_each_number_by_its_kind(database: Database) -> None:
    found = _judge(database)
    assert evidence(found.period, Names(), "en").endswith(
        "below 50.0% of its own earlier monthly level (25.0% in the first and last month)."
    )
    _forget(database, "created_at < '2025-01-01'")
    assert "at least 5 a month" in evidence(_judge(database).period, Names(), "en")


# Period


def test_a_silent_unit_is_found_by_its_own_earlier_level(database: Database) -> None:
    _forget(database, f"unit = '{UNITS[1]}' AND created_at BETWEEN '2025-02-01' AND '2025-02-28'")
    found = _judge(database)
    told = _told(found.period)
    assert (told["status"], told["evidence"]) == ("not-met", "silent-units")
    assert (told["short_units"], told["units"]) == (1, 2)
    assert [told[f"worst_{name}"] for name in ("group", "unit", "month", "documents", "level")] == [
        "client", UNITS[1], "2025-02", 0, 6,
    ]  # fmt: skip
    assert [row["finding"] for row in _rows(found.period, "units") if row["unit"] == UNITS[1]] == ["met", "none", "met"]
    assert {found.service_tasks.status, found.population.status} == {ConditionStatus.MET}


def test_a_unit_that_the_list_of_units_says_is_closed_has_not_fallen_silent(database: Database) -> None:
    _forget(database, f"unit = '{UNITS[1]}' AND created_at >= '2025-02-01'")
    assert _verdict(_judge(database).period) == ("not-met", "silent-units")
    fill = "INSERT INTO register_unit (oid, kind, valid_to) VALUES ($oid, 'unit', $last)"
    database.connection.execute(fill, {"oid": UNITS[1], "last": "2025-02-10"})
    found = _judge(database)
    assert found.period.status is ConditionStatus.MET
    judged = [row["finding"] for row in _rows(found.period, "units") if row["unit"] == UNITS[1]]
    assert judged == ["met", "closed", "closed"]
    assert _told(found.period)["units"] == 2


def test_a_document_group_that_falls_silent_over_all_units_is_found(database: Database) -> None:
    for month in range(1, 13):
        for unit in range(4):
            store_documents(database, f"1.2.246.10.99999901.10.3{unit}", 2024, month, 4)
    ours = ", ".join(f"'{unit}'" for unit in UNITS)
    _forget(database, f"unit IN ({ours}) AND (created_at < '2024-08-01' OR created_at >= '2025-01-01')")
    for month in (1, 2, 3):
        store_documents(database, UNITS[0], 2025, month, 1)
    assert _verdict(_judge(database).period) == ("not-met", "silent-groups")


@pytest.mark.parametrize(
    ("month", "left", "status"), [(2, 2, "not-met"), (2, 3, "met"), (3, 2, "met"), (3, 1, "not-met")]
)
def test_edge_months_have_a_threshold_of_their_own(database: Database, month: int, left: int, status: str) -> None:
    _forget(database, f"unit = '{UNITS[0]}' AND created_at = '2025-{month:02}-15'")
    store_documents(database, UNITS[0], 2025, month, left)
    assert _told(_judge(database).period)["status"] == status


def test_a_document_that_is_stored_late_belongs_to_the_month_in_which_it_was_made(database: Database) -> None:
    _forget(database, f"unit = '{UNITS[0]}' AND created_at >= '2025-01-01'")
    for month in (1, 2, 3):
        store_documents(database, UNITS[0], 2025, month, 6, stored=120)
    assert _judge(database).period.status is ConditionStatus.MET
    assert _judge(database, Request(QUARTER, as_of=dt.date(2025, 4, 10))).period.status is ConditionStatus.NOT_MET


def test_documents_of_another_organiser_do_not_count(database: Database) -> None:
    _forget(database, f"unit = '{UNITS[0]}' AND created_at >= '2025-01-01'")
    for month in (1, 2, 3):
        store_documents(database, UNITS[0], 2025, month, 6, organiser="1.2.246.10.99999903.10.0")
    assert _judge(database).period.status is ConditionStatus.NOT_MET


def test_a_unit_that_never_stored_much_has_no_level_to_fall_below(database: Database) -> None:
    for month in range(1, 13):
        store_documents(database, "1.2.246.10.99999901.10.3", 2024, month, 2)
    told = _told(_judge(database).period)
    assert (told["status"], told["units"], told["without_level"]) == ("met", 2, 2)


def test_without_an_earlier_level_the_period_is_unknown(database: Database) -> None:
    _forget(database, "created_at < '2025-01-01'")
    assert _verdict(_judge(database).period) == ("unknown", "no-level")


def test_a_single_unit_is_judged_by_its_own_level_or_not_at_all(database: Database) -> None:
    _forget(database, f"unit = '{UNITS[1]}'")
    assert _judge(database).period.status is ConditionStatus.MET
    _forget(database, f"unit = '{UNITS[0]}' AND created_at >= '2025-01-01'")
    assert _judge(database).period.status is ConditionStatus.NOT_MET
    store_documents(database, UNITS[1], 2025, 1, 6)
    _forget(database, "created_at < '2025-01-01'")
    assert _judge(database).period.status is ConditionStatus.UNKNOWN


def test_months_without_any_document_are_not_met_where_there_was_a_level_and_unknown_elsewhere(
    database: Database,
) -> None:
    _forget(database, "created_at >= '2025-03-01'")
    assert _verdict(_judge(database).period) == ("not-met", "silent-units")
    _forget(database, "created_at < '2025-01-01'")
    told = _told(_judge(database).period)
    assert (told["status"], told["evidence"], told["empty"]) == ("unknown", "empty-months", ("2025-03",))


def test_a_month_that_was_not_over_is_not_judged(database: Database) -> None:
    told = _told(_judge(database, Request(QUARTER, as_of=dt.date(2025, 3, 10))).period)
    assert (told["status"], told["evidence"], told["not_over"]) == ("unknown", "not-over", ("2025-03",))


def test_a_period_under_way_decides_nothing(database: Database) -> None:
    assert _verdict(_judge(database, Request(QUARTER, under_way=True)).period) == ("unknown", "under-way")


def test_an_archive_without_documents_is_unknown(database: Database) -> None:
    _forget(database, "true")
    assert _judge(database).period.evidence == "conditions.period.no-documents"


def test_a_unit_of_the_register_of_which_the_archive_knows_nothing_is_told(database: Database) -> None:
    for number, unit in enumerate((UNITS[0], "1.2.246.10.99999901.10.9")):
        episode(database, f"u{number}", "a", unit=unit, municipality="092")
    condition = _judge(database).period
    assert _verdict(condition) == ("unknown", "unknown-units")
    assert _rows(condition, "register_units") == [{"unit": "1.2.246.10.99999901.10.9", "rows": 1, "finding": "none"}]


def test_a_register_that_names_its_units_in_words_accuses_none(database: Database) -> None:
    episode(database, "u", "a", unit="Perhepalvelut", municipality="092")
    assert _judge(database).period.status is ConditionStatus.MET


# Service tasks


def test_a_task_that_the_archive_lacks_is_not_met_with_its_numbers(database: Database) -> None:
    database.connection.execute("DELETE FROM client_period WHERE task_code = '20' AND document_key = 'a20'")
    found = _judge(database)
    told = _told(found.service_tasks)
    assert (told["status"], told["short_count"], told["tasks"]) == ("not-met", 1, 7)
    assert (told["worst"], told["worst_archived"], told["worst_rows"]) == ("20", 1, 2)
    assert found.period.status is ConditionStatus.MET


def test_the_threshold_of_a_task_is_a_setting(database: Database) -> None:
    database.connection.execute("DELETE FROM client_period WHERE task_code = '20' AND document_key = 'a20'")
    assert _judge(database, limits=Thresholds(service_task_share=0.5)).service_tasks.status is ConditionStatus.MET


def test_a_task_that_the_register_lacks_is_unknown(database: Database) -> None:
    database.connection.execute("DELETE FROM register_episode WHERE service_task = '20'")
    told = _told(_judge(database).service_tasks)
    assert (told["status"], told["none"], told["archived_only"]) == ("unknown", ("20",), 2)


def test_the_child_protection_layer_is_judged_beside_its_task(database: Database) -> None:
    database.connection.execute("DELETE FROM client_period WHERE role = 'child-protection'")
    condition = _judge(database).service_tasks
    assert _told(condition)["worst"] == "child-protection:10"
    assert "child protection, 0 of 2 rows" in evidence(condition, Names(), "en")


def test_undetermined_rows_keep_a_condition_unknown(database: Database) -> None:
    episode(database, "U", "a", "24", start="2025-03-01", end="2025-02-01", municipality="092")
    found = _judge(database)
    assert _verdict(found.service_tasks) == ("unknown", "undetermined")
    assert _verdict(found.population) == ("unknown", "undetermined")


# Population


def test_a_municipality_that_the_archive_lacks_is_not_met_and_weighs_by_its_people(database: Database) -> None:
    database.connection.execute("DELETE FROM client_period WHERE document_key = 'b24'")
    condition = _judge(database).population
    told = _told(condition)
    assert (told["status"], told["worst"], told["population_share"]) == ("not-met", "091", 0.75)
    assert (told["worst_archived"], told["worst_clients"]) == (0, 1)
    assert "091 Helsinki, 0 of 1 client" in evidence(condition, Names(), "en")
    assert "091 Helsingfors" in evidence(condition, Names(), "sv")
    shares = {row["service_task"]: row["population_share"] for row in _rows(condition, "population_weighted")}
    assert (shares["24"], shares["15"]) == (0.75, 1.0)


def test_a_municipality_without_rows_of_a_task_does_not_count_as_comprehensive(database: Database) -> None:
    database.connection.execute("DELETE FROM register_episode WHERE source_id = 'b-15'")
    (row,) = [row for row in _rows(_judge(database).population, "population_weighted") if row["service_task"] == "15"]
    assert (row["comprehensive"], row["not_comprehensive"], row["without_rows"]) == (3000, 0, 1000)


def test_a_municipality_without_clients_is_unknown(database: Database) -> None:
    insert(database.connection, "register_population", municipality="049", year=2024, population=4000)
    told = _told(_judge(database).population)
    assert (told["status"], told["none"], told["population_share"]) == ("unknown", ("049",), 0.5)


def test_a_municipality_with_far_too_few_clients_stands_out(database: Database) -> None:
    for n in range(30):
        key = f"{n:016x}"
        insert(database.connection, "document_person", document_key="a24", identity_key=key, slot=n + 1)
        episode(database, f"p{n}", municipality="092")
        database.connection.execute(
            "UPDATE register_episode SET identity_key = $key WHERE source_id = $id", {"key": key, "id": f"p{n}"}
        )
    condition = _judge(database).population
    assert (_told(condition)["status"], _told(condition)["sparse"]) == ("unknown", ("091",))
    assert [
        (row["clients"], row["expected_clients"], row["finding"]) for row in _rows(condition, "municipalities")
    ] == [
        (1, 8.0, "sparse"),
        (31, 24.0, "met"),
    ]


def test_age_groups_are_judged_when_the_population_file_has_them(database: Database) -> None:
    database.connection.execute("DELETE FROM register_population")
    for place in ("092", "091"):
        for group, people in (("18-64", 100), ("85+", 10)):
            insert(
                database.connection,
                "register_population",
                municipality=place,
                year=2024,
                age_group=group,
                population=people,
            )
    # Two clients of 092 are not archived: not most of the municipality, but all of their age group.
    for n, born in enumerate(("1930-01-01", "1931-01-01")):
        insert(
            database.connection, "person_identity", identity_key=f"{n}" * 16, root="1.2", value=f"x{n}", birth_date=born
        )
        episode(database, f"old{n}", str(n), municipality="092")
    limits = Thresholds(municipality_share=0.3, service_task_share=0.3)
    condition = _judge(database, limits=limits).population
    told = _told(condition)
    assert (told["evidence"], told["worst_age"], told["worst_age_archived"], told["population"]) == (
        "short-ages",
        "85+",
        0,
        220,
    )
    assert [
        (row["age_group"], row["clients"], row["population"], row["finding"]) for row in _rows(condition, "age_groups")
    ] == [
        ("18-64", 2, 200, "met"),
        ("85+", 2, 20, "short"),
    ]
    assert len(_rows(condition, "municipality_age_groups")) == 4


def test_without_a_population_file_the_population_is_unknown(database: Database) -> None:
    database.connection.execute("DELETE FROM register_population")
    assert _judge(database).population.evidence == "conditions.population.no-population"


def test_a_later_population_than_the_periods_does_not_count(database: Database) -> None:
    insert(database.connection, "register_population", municipality="091", year=2026, population=9_000_000)
    assert _told(_judge(database).population)["population"] == 4000
    database.connection.execute("UPDATE register_population SET year = 2026 WHERE year = 2024")
    assert _judge(database).population.evidence == "conditions.population.later-population"


def test_of_several_years_the_latest_that_is_not_after_the_period_counts(database: Database) -> None:
    insert(database.connection, "register_population", municipality="091", year=2025, population=1500)
    condition = _judge(database).population
    assert [(row["year"], row["population"]) for row in _rows(condition, "municipalities")] == [
        (2025, 1500),
        (2024, 3000),
    ]


def test_municipalities_of_the_county_that_the_population_file_lacks_are_told(database: Database) -> None:
    condition = _judge(database, Request(QUARTER, county=("091", "092", "245"))).population
    assert (_verdict(condition), _told(condition)["lacking"]) == (("unknown", "lacking"), ("245",))
    assert "245 Kerava" in evidence(condition, Names(), "en")


def test_clients_who_are_not_archived_and_live_nowhere_known_keep_it_unknown(database: Database) -> None:
    episode(database, "n", "c", municipality=None)
    condition = _judge(database, limits=Thresholds(service_task_share=0.1)).population
    assert (_verdict(condition), _told(condition)["unplaced"]) == (("unknown", "unplaced"), 1)
    assert _rows(condition, "clients_elsewhere") == [{"municipality": None, "clients": 1, "archived_clients": 0}]


def test_a_sentence_names_three_and_counts_the_rest(database: Database) -> None:
    for n in range(300, 320):
        insert(database.connection, "register_population", municipality=str(n), year=2024, population=10)
    condition = _judge(database).population
    assert "(300 Kuortane, 301 Kurikka, 302 and 17 more)" in evidence(condition, Names(), "en")


def test_the_page_of_the_conditions_shows_published_figures_beside_own_counts(database: Database) -> None:
    database.connection.execute(
        "INSERT INTO register_reference (period, layer, service_task, indicator, value, origin) "
        "VALUES ('2025Q1', 'service-task', '24', 'clients', 4321, 'Sotkanet')"
    )
    told = "\n".join(line.plain for line in condition_lines(coverage(database, REQUEST), "en", 100))
    assert "Published figures beside own counts" in told
    assert "4,321" in told
