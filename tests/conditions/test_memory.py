"""What was seen of a period is remembered once for each state, and continuity is judged by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from analyser.coverage.history import runs, seen
from analyser.coverage.model import Model, Request
from analyser.coverage.result import Period
from analyser.store.database import Database
from analyser.store.remember import keep
from tests.delivery.store import NOW, QUARTER, REQUEST, archive, episode, store

BEFORE = Period("2024Q4", dt.date(2024, 10, 1), dt.date(2024, 12, 31))


@pytest.fixture
def database() -> Iterator[Database]:
    """Nothing but three persons."""
    with store() as opened:
        yield opened


def look(database: Database, period: Period = QUARTER) -> bool:
    """Ask about a period as a command does; whether it was something new."""
    request = Request(period)
    Model.build(database.connection, request)
    found = seen(database.connection, request)
    if found is not None:
        keep(database, found, NOW)
    return found is not None


def findings(database: Database, period: Period = QUARTER) -> list[tuple[str, str]]:
    """Breaks of continuity: finding and row."""
    Model.build(database.connection, Request(period))
    return database.connection.execute("SELECT finding, source_id FROM continuity ORDER BY ALL").fetchall()


def test_a_state_is_remembered_once_and_a_change_is_a_new_run(database: Database) -> None:
    episode(database, "R1", "a")
    episode(database, "R2", "b")
    assert [look(database), look(database)] == [True, False]
    archive(database, "d1", "a")
    assert look(database)
    assert [(run.number, run.missing, run.archived, run.open) for run in runs(database.connection, QUARTER)] == [
        (1, 2, 0, 2),
        (2, 1, 1, 1),
    ]
    rows = database.connection.execute(
        "SELECT source_id, since_run, until_run, class FROM remembered_row ORDER BY ALL"
    ).fetchall()
    assert rows == [("R1", 1, 2, "missing"), ("R1", 2, None, "archived"), ("R2", 1, None, "missing")]


def test_rows_that_go_end_and_all_that_a_row_tells_is_compared(database: Database) -> None:
    episode(database, "R1", "a")
    episode(database, "R2", "b")
    episode(database, "R3", "c")
    look(database)
    database.connection.execute("UPDATE register_episode SET unit = 'U9' WHERE source_id = 'R1'")
    database.connection.execute("DELETE FROM register_episode WHERE source_id = 'R2'")
    assert look(database)
    database.connection.execute("UPDATE register_episode SET unit = NULL WHERE source_id = 'R1'")
    assert look(database)
    rows = database.connection.execute(
        "SELECT source_id, since_run, until_run FROM remembered_row ORDER BY ALL"
    ).fetchall()
    assert rows == [("R1", 1, 2), ("R1", 2, 3), ("R1", 3, None), ("R2", 1, 2), ("R3", 1, None)]


def test_what_was_seen_before_another_state_was_remembered_is_not_kept(database: Database) -> None:
    episode(database, "R1", "a")
    Model.build(database.connection, REQUEST)
    early = seen(database.connection, REQUEST)
    episode(database, "R2", "b")
    assert look(database)
    assert early is not None
    assert keep(database, early, NOW) is None
    assert [run.rows for run in runs(database.connection, QUARTER)] == [2]


def test_the_past_and_an_empty_period_are_not_remembered(database: Database) -> None:
    assert not look(database)
    episode(database, "R1")
    Model.build(database.connection, REQUEST)
    assert seen(database.connection, Request(QUARTER, as_of=dt.date(2025, 2, 1))) is None


def test_no_identifier_is_remembered(database: Database) -> None:
    episode(database, "R1")
    look(database)
    kept = database.connection.execute("SELECT * FROM remembered_row").fetchall()
    assert "010190-900P" not in str(kept)


def test_without_a_look_at_the_previous_period_nothing_breaks(database: Database) -> None:
    episode(database, "R1", start="2024-10-01")
    assert findings(database) == []


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (None, [("gone", "R1")]),
        ({"end": "2024-12-20"}, [("ended-earlier", "R1")]),
        ({"end": "2025-01-20"}, []),
        ({}, []),
        ({"start": "2024-10-02"}, [("start-changed", "R1")]),
        ({"start": "2024-10"}, []),
    ],
)
def test_an_episode_open_when_the_previous_period_ended_goes_on_or_ends(
    database: Database, now: dict[str, str] | None, found: list[tuple[str, str]]
) -> None:
    episode(database, "R1", start="2024-10-01")
    episode(database, "R2", start="2024-10-01", end="2024-11-01")
    look(database, BEFORE)
    database.connection.execute("DELETE FROM register_episode WHERE source_id = 'R1'")
    if now is not None:
        episode(database, "R1", **{"start": "2024-10-01"} | now)
    assert findings(database) == found


def test_a_row_with_a_new_id_carries_the_episode_on(database: Database) -> None:
    episode(database, "R1", start="2024-10-01")
    look(database, BEFORE)
    database.connection.execute("DELETE FROM register_episode")
    episode(database, "N1", start="2024-10-01")
    assert findings(database) == []


def loaded(database: Database, number: int) -> None:
    """A load of episodes, as `register` numbers it."""
    database.connection.execute("INSERT INTO register_load (number, kind) VALUES ($n, 'episodes')", {"n": number})


@pytest.mark.parametrize("asked", [(BEFORE,), (QUARTER, BEFORE), (BEFORE, QUARTER, BEFORE)])
def test_the_order_of_questions_does_not_make_the_break_unseen(database: Database, asked: tuple[Period, ...]) -> None:
    loaded(database, 1)
    episode(database, "R1", start="2024-10-01")
    episode(database, "R2", "b", start="2024-10-01")
    look(database, BEFORE)
    loaded(database, 2)
    database.connection.execute("DELETE FROM register_episode WHERE source_id = 'R1'")
    for period in asked:
        look(database, period)
    assert findings(database) == [("gone", "R1")]


def test_continuity_rests_on_what_was_told_last_and_on_no_load_that_was_taken_back(database: Database) -> None:
    loaded(database, 1)
    episode(database, "R1", start="2024-10-01")
    look(database, BEFORE)
    loaded(database, 2)
    episode(database, "R2", "b", start="2024-10-01")
    look(database, BEFORE)
    database.connection.execute(
        "INSERT INTO delivery (number, period, period_start, period_end, sent_at, run) "
        "VALUES (1, '2024Q4', '2024-10-01', '2024-12-31', '2025-01-10', 2)"
    )
    loaded(database, 3)
    episode(database, "R3", "c", start="2024-10-01")
    look(database, BEFORE)
    loaded(database, 4)
    database.connection.execute("DELETE FROM register_episode")
    # Under load 3 there was a third row too; what was sent held two.
    assert findings(database) == [("gone", "R1"), ("gone", "R2")]
    database.connection.execute("UPDATE delivery SET sent_at = NULL")
    assert findings(database) == [("gone", "R1"), ("gone", "R2"), ("gone", "R3")]
    database.connection.execute("UPDATE register_load SET undone_at = '2025-02-01' WHERE number = 3")
    assert findings(database) == [("gone", "R1"), ("gone", "R2")]
    assert [run.rows for run in runs(database.connection, BEFORE)] == [1, 2]
    database.connection.execute("INSERT INTO period_closing (number, run) VALUES (1, 1)")
    assert findings(database) == [("gone", "R1")]


def test_child_protection_without_its_service_task_beside_it(database: Database) -> None:
    episode(database, "P1", "a", "10", start="2025-01-10", layer="child-protection")
    episode(database, "P2", "b", "10", start="2025-01-10", layer="child-protection")
    episode(database, "T2", "b", "10", start="2025-01-01")
    episode(database, "T1", "a", "10", start="2024-01-01", end="2025-01-09")
    assert findings(database) == [("protection-alone", "P1")]
