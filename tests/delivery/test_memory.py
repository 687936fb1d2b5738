"""What was delivered is remembered, and the next delivery knows what became of each row."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyser.coverage.delivered import DeliveryStatus, recall
from analyser.coverage.model import Model
from analyser.delivery.check import check_folder, mark_sent, unmark_sent
from analyser.delivery.write import DeliveryWanted, deliver
from analyser.messages.errors import NothingToCheckError, UsageError
from analyser.store.database import Database
from tests.delivery.store import NOW, REQUEST, archive, episode, store

CORRECTIONS = DeliveryWanted(corrections=True)


@pytest.fixture
def database() -> Iterator[Database]:
    with store() as opened:
        episode(opened, "R1")
        episode(opened, "R2", person="b", end="2025-02-10")
        episode(opened, "R3", person="b", layer="child-protection", task="10")
        yield opened


def _edit(manifest: Path) -> None:
    manifest.write_text(manifest.read_text().replace('"kind": "full"', '"kind": "other"'))


def _rows(folder: Path) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as table:
            found[path.stem] = list(csv.DictReader(table, delimiter=";"))
    return found


def _statuses(database: Database) -> dict[str, str]:
    found = recall(Model.build(database.connection, REQUEST))
    return {row["source_id"]: row["status"] for row in found.rows().to_pylist()}


def test_deliver_then_archive_then_deliver_again_sends_nothing(database: Database, tmp_path: Path) -> None:
    first = deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    assert (first.rows("service-task"), first.rows("child-protection")) == (2, 1)
    for table in ("R1", "R2"):
        archive(database, table, person="a" if table == "R1" else "b")
    database.connection.execute("DELETE FROM register_episode WHERE source_id = 'R3'")
    again = deliver(database, REQUEST, tmp_path / "2", DeliveryWanted(), NOW)
    assert (again.rows("service-task"), again.rows("child-protection")) == (0, 0)
    assert _rows(tmp_path / "2") == {
        "service_task_episodes": [],
        "child_protection_episodes": [],
    }
    assert _statuses(database) == {"R1": "double", "R2": "double", "R3": "withdrawn"}


def test_a_changed_end_date_gives_exactly_one_correction(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    episode(database, "R2", person="b", end="2025-02-20")
    assert _statuses(database) == {"R1": "delivered", "R2": "changed", "R3": "delivered"}
    deliver(database, REQUEST, tmp_path / "2", CORRECTIONS, NOW)
    found = _rows(tmp_path / "2")
    assert [(row["source_id"], row["end"]) for row in found["service_task_episodes"]] == [("R2", "2025-02-20")]
    assert found["child_protection_episodes"] == []
    assert found["corrections"] == [
        {"source_id": "R2", "part": "episodes", "change": "changed", "former_source_id": ""}
    ]
    assert set(_statuses(database).values()) == {"delivered"}
    deliver(database, REQUEST, tmp_path / "3", CORRECTIONS, NOW)
    assert not any(_rows(tmp_path / "3").values())


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("start", {"start": "2025-01-11"}),
        ("end", {"end": None}),
        ("service_task", {"task": "20"}),
        ("person", {"person": "c"}),
    ],
)
def test_what_differs_from_the_delivery_is_named(
    database: Database, tmp_path: Path, field: str, change: dict[str, str]
) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    episode(database, "R2", **({"person": "b", "end": "2025-02-10"} | change))
    found = recall(Model.build(database.connection, REQUEST))
    row = next(row for row in found.rows().to_pylist() if row["source_id"] == "R2")
    assert (row["status"], row["differs"]) == ("changed", [field])


def test_a_row_that_left_the_register_is_withdrawn_once_as_it_was_delivered(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    database.connection.execute("DELETE FROM register_episode WHERE source_id = 'R2'")
    done = deliver(database, REQUEST, tmp_path / "2", CORRECTIONS, NOW)
    assert done.withdrawn == 1
    found = _rows(tmp_path / "2")
    assert found["corrections"] == [
        {"source_id": "R2", "part": "episodes", "change": "withdrawn", "former_source_id": ""}
    ]
    assert found["service_task_episodes"] == []
    assert "R2" not in _statuses(database)


def test_an_undetermined_row_is_neither_delivered_nor_withdrawn(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    episode(database, "R2", person="b", start="2025-03-10", end="2025-02-10")
    done = deliver(database, REQUEST, tmp_path / "2", CORRECTIONS, NOW)
    assert done.ledger["undetermined"] == 1
    assert not any(_rows(tmp_path / "2").values())
    assert _statuses(database)["R2"] == "undetermined"


def test_the_two_sources_add_up_to_the_register(database: Database, tmp_path: Path) -> None:
    archive(database, "d1")
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    archive(database, "d2", person="b")
    episode(database, "R4", person="c", task="20")
    episode(database, "R5", person="c", task="nonsense")
    found = recall(Model.build(database.connection, REQUEST))
    by_task = {(one.layer, one.service_task): one for one in found.two_sources().cells}
    families = by_task["service-task", "24"]
    assert (families.kanta, families.both, families.delivery, families.neither) == (1, 1, 0, 0)
    assert by_task["child-protection", "10"].delivery == 1
    assert by_task["service-task", "20"].neither == 1
    assert by_task["service-task", "nonsense"].undetermined == 1
    assert by_task["service-task", "nonsense"].share_known is None
    for one in by_task.values():
        assert one.rows == one.kanta + one.both + one.delivery + one.neither + one.undetermined


def test_only_sent_deliveries_count_once_one_is_marked(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    mark_sent(database, tmp_path / "1", NOW)
    episode(database, "R2", person="b", end="2025-02-20")
    deliver(database, REQUEST, tmp_path / "2", CORRECTIONS, NOW)
    assert _statuses(database)["R2"] == "changed"
    mark_sent(database, tmp_path / "2", NOW)
    assert _statuses(database)["R2"] == "delivered"
    with pytest.raises(UsageError, match="corrections of the delivery"):
        unmark_sent(database, tmp_path / "1")
    unmark_sent(database, tmp_path / "2")
    assert _statuses(database)["R2"] == "changed"
    assert [(one.number, one.counts) for one in recall(Model.build(database.connection, REQUEST)).deliveries()] == [
        (1, True),
        (2, False),
    ]


def test_marks_are_refused_twice_and_undone_only_when_made(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    with pytest.raises(UsageError, match="not marked"):
        unmark_sent(database, tmp_path / "1")
    mark_sent(database, tmp_path / "1", NOW)
    with pytest.raises(UsageError, match="already"):
        mark_sent(database, tmp_path / "1", NOW)


def test_corrections_of_nothing_are_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing was delivered"):
        deliver(database, REQUEST, tmp_path / "1", CORRECTIONS, NOW)


def test_corrections_withdraw_everything_when_the_register_is_empty(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    database.connection.execute("DELETE FROM register_episode")
    assert deliver(database, REQUEST, tmp_path / "2", CORRECTIONS, NOW).withdrawn == 3
    with pytest.raises(NothingToCheckError):
        deliver(database, REQUEST, tmp_path / "3", DeliveryWanted(), NOW)


def test_a_whole_folder_is_found_whole_wherever_it_lies(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    (tmp_path / "1").rename(tmp_path / "moved")
    checked = check_folder(database, tmp_path / "moved")
    assert (checked.faults, checked.number) == ((), 1)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda folder: (folder / "service_task_episodes.csv").write_text("other"), "file-changed"),
        (lambda folder: (folder / "child_protection_episodes.csv").unlink(), "file-missing"),
        (lambda folder: (folder / "more.csv").write_text(""), "file-unlisted"),
        (lambda folder: (folder / "covering-note.txt").chmod(0o644), "file-not-private"),
        (lambda folder: _edit(folder / "manifest.json"), "unknown-to-database"),
    ],
)
def test_each_damage_to_a_folder_is_named_and_keeps_it_from_being_marked(
    database: Database, tmp_path: Path, damage: object, code: str
) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    assert not check_folder(database, tmp_path / "1").faults
    damage(tmp_path / "1")  # type: ignore[operator]
    assert [found for found, _ in check_folder(database, tmp_path / "1").faults] == [code]
    with pytest.raises(UsageError, match=code):
        mark_sent(database, tmp_path / "1", NOW)


def test_a_delivery_of_another_database_is_not_ours(database: Database, tmp_path: Path) -> None:
    with store() as other:
        episode(other, "X1")
        deliver(other, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    assert [code for code, _ in check_folder(database, tmp_path / "1").faults] == ["other-database"]
    with pytest.raises(UsageError, match="another database wrote"):
        mark_sent(database, tmp_path / "1", NOW)


def test_rows_that_the_memory_lost_are_found_by_the_check(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    database.connection.execute("DELETE FROM delivery_row WHERE source_id = 'R1'")
    assert [code for code, _ in check_folder(database, tmp_path / "1").faults] == ["rows-differ"]


def test_the_burn_down_is_the_deliveries_in_order(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    archive(database, "d1")
    deliver(database, REQUEST, tmp_path / "2", DeliveryWanted(), NOW)
    found = recall(Model.build(database.connection, REQUEST))
    assert [(one.missing, one.partial) for one in found.deliveries()] == [(3, 0), (2, 0)]


def test_the_memory_holds_no_identifier(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    kept = json.dumps(
        [database.connection.execute(f"SELECT * FROM {t}").fetchall() for t in ("delivery", "delivery_row", "audit")],
        default=str,
    )
    assert "010190-900P" not in kept
    assert "010190-900P" in (tmp_path / "1" / "service_task_episodes.csv").read_text()


def test_every_status_is_a_member(database: Database) -> None:
    assert {DeliveryStatus(status) for status in _statuses(database).values()} == {DeliveryStatus.NEW}


def test_a_period_that_has_not_ended_is_delivered_with_a_clear_mark(database: Database, tmp_path: Path) -> None:
    done = deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), dt.datetime(2025, 3, 31, 12, 0))
    assert not done.final
    assert json.loads((tmp_path / "1" / "manifest.json").read_text())["period"]["ended"] is False
    assert "HAD NOT ENDED" in (tmp_path / "1" / "covering-note.txt").read_text()
    assert deliver(database, REQUEST, tmp_path / "2", DeliveryWanted(), dt.datetime(2025, 4, 1, 0, 0)).final


def test_a_manifest_that_somebody_edited_is_refused_in_one_line(database: Database, tmp_path: Path) -> None:
    deliver(database, REQUEST, tmp_path / "1", DeliveryWanted(), NOW)
    whole = json.loads((tmp_path / "1" / "manifest.json").read_text())
    for broken in ({"files": [{"name": "a"}]}, {"files": 1}, {"covering_note": []}, {"database": "x"}, {"schema": "y"}):
        (tmp_path / "1" / "manifest.json").write_text(json.dumps(whole | broken))
        with pytest.raises(UsageError, match="not one of kanta-gap"):
            check_folder(database, tmp_path / "1")
