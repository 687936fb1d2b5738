"""The three conditions on seeded situations: judged by their numbers, unknown where the data do not decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from analyser.coverage.measure import coverage
from analyser.coverage.model import Request
from analyser.coverage.result import Condition, ConditionStatus, SeparateDelivery
from analyser.language import LANGUAGES
from analyser.report.json import evidence
from analyser.store.database import Database
from tests.delivery.store import QUARTER, REQUEST, archive, episode, insert, store

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


def store_documents(database: Database, unit: str, year: int, month: int, count: int) -> None:
    """Client documents of a unit, stored in one month."""
    database.connection.execute(
        "INSERT INTO document BY NAME SELECT concat_ws('-', $unit, $month, n) AS document_key, document_key AS oid, "
        "document_key AS set_id, 1 AS version, 'client' AS kind, 'json' AS body, $unit AS unit, $at AS created_at "
        "FROM range($count) AS counted(n)",
        {"unit": unit, "month": f"{year}-{month}", "count": count, "at": dt.datetime(year, month, 15)},
    )


def _judge(database: Database, request: Request = REQUEST) -> SeparateDelivery:
    return coverage(database, request).separate_delivery


def _told(condition: Condition) -> dict[str, object]:
    assert all(evidence(condition, lang) for lang in LANGUAGES)
    assert all(str(value).count(", ") < 10 for _, value in condition.values)
    return dict(condition.values) | {"status": condition.status, "evidence": condition.evidence}


def test_all_three_are_met(database: Database) -> None:
    found = _judge(database)
    assert [_told(c)["status"] for c in (found.period, found.service_tasks, found.population)] == ["met"] * 3
    assert _told(found.population)["population_share"] == 1.0


def test_a_silent_unit_is_found_by_its_own_earlier_level(database: Database) -> None:
    database.connection.execute(
        "DELETE FROM document WHERE unit = $unit AND created_at BETWEEN '2025-02-01' AND '2025-02-28'",
        {"unit": UNITS[1]},
    )
    found = _judge(database)
    told = _told(found.period)
    assert (told["status"], told["evidence"]) == ("not-met", "conditions.period.silent-units")
    assert told["silent"] == f"client {UNITS[1]} 2025-02: 0/6"
    assert (told["silent_count"], told["series"]) == (1, 2)
    assert {found.service_tasks.status, found.population.status} == {ConditionStatus.MET}


@pytest.mark.parametrize(
    ("month", "left", "status"), [(2, 2, "not-met"), (2, 3, "met"), (3, 2, "met"), (3, 1, "not-met")]
)
def test_edge_months_have_a_threshold_of_their_own(database: Database, month: int, left: int, status: str) -> None:
    database.connection.execute(
        "DELETE FROM document WHERE unit = $unit AND created_at = $at",
        {"unit": UNITS[0], "at": dt.datetime(2025, month, 15)},
    )
    store_documents(database, UNITS[0], 2025, month, left)
    assert _told(_judge(database).period)["status"] == status


def test_a_unit_that_never_stored_much_has_no_level_to_fall_below(database: Database) -> None:
    for month in range(1, 13):
        store_documents(database, "1.2.246.10.99999901.10.3", 2024, month, 2)
    told = _told(_judge(database).period)
    assert (told["status"], told["series"]) == ("met", 2)


def test_without_an_earlier_level_the_period_is_unknown(database: Database) -> None:
    database.connection.execute("DELETE FROM document WHERE created_at < '2025-01-01'")
    told = _told(_judge(database).period)
    assert (told["status"], told["evidence"]) == ("unknown", "conditions.period.no-level")


def test_a_month_without_any_document_is_not_met(database: Database) -> None:
    database.connection.execute("DELETE FROM document WHERE created_at >= '2025-03-01'")
    told = _told(_judge(database).period)
    assert (told["status"], told["empty"]) == ("not-met", "2025-03")


def test_a_month_that_was_not_over_is_not_judged(database: Database) -> None:
    told = _told(_judge(database, Request(QUARTER, as_of=dt.date(2025, 3, 10))).period)
    assert (told["status"], told["evidence"], told["open"]) == ("unknown", "conditions.period.open-months", "2025-03")


def test_a_period_without_documents_is_unknown(database: Database) -> None:
    database.connection.execute("DELETE FROM document WHERE created_at >= '2025-01-01'")
    assert _told(_judge(database).period)["evidence"] == "conditions.period.no-documents"


def test_a_task_that_the_archive_lacks_is_not_met_with_its_numbers(database: Database) -> None:
    database.connection.execute("DELETE FROM client_period WHERE task_code = '20' AND document_key = 'a20'")
    found = _judge(database)
    told = _told(found.service_tasks)
    assert (told["status"], told["short"], told["tasks"]) == ("not-met", "20: 1/2", 7)
    assert found.period.status is ConditionStatus.MET


def test_a_task_that_the_register_lacks_is_unknown(database: Database) -> None:
    database.connection.execute("DELETE FROM register_episode WHERE service_task = '20'")
    told = _told(_judge(database).service_tasks)
    assert (told["status"], told["silent"], told["archived_only"]) == ("unknown", "20", 2)


def test_the_child_protection_layer_is_judged_beside_its_task(database: Database) -> None:
    database.connection.execute("DELETE FROM client_period WHERE role = 'child-protection'")
    assert _told(_judge(database).service_tasks)["short"] == "10 (child-protection): 0/2"


def test_undetermined_rows_keep_a_condition_unknown(database: Database) -> None:
    episode(database, "U", "a", "24", start="2025-03-01", end="2025-02-01", municipality="092")
    found = _judge(database)
    assert _told(found.service_tasks)["evidence"] == "conditions.service_tasks.undetermined"
    assert _told(found.population)["evidence"] == "conditions.population.undetermined"


def test_a_municipality_that_the_archive_lacks_is_not_met_and_weighs_by_its_people(database: Database) -> None:
    database.connection.execute("DELETE FROM client_period WHERE document_key = 'b24'")
    told = _told(_judge(database).population)
    assert (told["status"], told["short"], told["population_share"]) == ("not-met", "091: 0/1", 0.75)
    assert "24: 0.75" in str(told["weighted"])
    assert "15: 1.0" in str(told["weighted"])


def test_a_municipality_without_clients_is_unknown(database: Database) -> None:
    insert(database.connection, "register_population", municipality="049", year=2024, population=4000)
    told = _told(_judge(database).population)
    assert (told["status"], told["silent"], told["population_share"]) == ("unknown", "049", 0.5)


def test_a_municipality_with_far_too_few_clients_stands_out(database: Database) -> None:
    for n in range(30):
        key = f"{n:016x}"
        insert(database.connection, "document_person", document_key="a24", identity_key=key, slot=n + 1)
        episode(database, f"p{n}", municipality="092")
        database.connection.execute(
            "UPDATE register_episode SET identity_key = $key WHERE source_id = $id", {"key": key, "id": f"p{n}"}
        )
    told = _told(_judge(database).population)
    assert (told["status"], told["sparse"]) == ("unknown", "091: 1 (8)")


def test_an_age_group_that_falls_behind_is_found_when_the_population_file_has_age_groups(database: Database) -> None:
    for group in ("0-17", "18-64"):
        insert(database.connection, "register_population", municipality="092", year=2024, age_group=group, population=1)
    database.connection.execute("DELETE FROM client_period WHERE document_key = 'b24'")
    database.connection.execute("UPDATE register_episode SET municipality = NULL WHERE source_id LIKE 'b-%'")
    database.connection.execute("DELETE FROM register_population WHERE municipality = '091'")
    told = _told(_judge(database).population)
    assert (told["evidence"], told["ages"]) == ("conditions.population.short-ages", "18-64: 1/2")


def test_without_a_population_file_the_population_is_unknown(database: Database) -> None:
    database.connection.execute("DELETE FROM register_population")
    assert _told(_judge(database).population)["evidence"] == "conditions.population.no-population"


def test_a_later_population_than_the_period_does_not_count(database: Database) -> None:
    insert(database.connection, "register_population", municipality="091", year=2026, population=9_000_000)
    assert _told(_judge(database).population)["population"] == 4000


def test_long_lists_are_cut_with_the_rest_counted(database: Database) -> None:
    for n in range(300, 320):
        insert(database.connection, "register_population", municipality=str(n), year=2024, population=10)
    condition = _judge(database).population
    assert str(_told(condition)["silent"]).endswith(" +10")
    assert replace(condition, values=()).status is ConditionStatus.UNKNOWN
