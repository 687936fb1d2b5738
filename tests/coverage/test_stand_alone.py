"""The model outlives the store: what the dashboard pages through and what rules read is what stood before."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from analyser.coverage.model import Model, Request, model_tables
from analyser.coverage.result import Period
from analyser.rules.sandbox import furnish, shut
from analyser.store.database import connect_memory
from analyser.succession import Link

_REQUEST = Request(Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31)))
_TOLD_LESS = ("document_identity", "person_document")
_GIVEN_UP = {"ledger_row", "row_documents"}
"""What the rules' room does without: their ledger is a table."""

_STORE = """
INSERT INTO document BY NAME
SELECT
    'd' || i AS document_key, '1.2.3.' || i AS oid, '1.2.3.' || i AS set_id, 1 AS version,
    'client-relationship' AS kind, 'json' AS body, '1.2.246.10.99999901' AS organiser,
    TIMESTAMP_S '2025-01-17 13:06:00' AS created_at
FROM range(12) AS made (i);

INSERT INTO document_person BY NAME
SELECT
    'd' || i AS document_key, 'p' || i // 2 AS identity_key, 0 AS slot, 'header' AS origin, '092' AS municipality,
    i = 11 AS safety_restricted
FROM range(3, 12) AS made (i);

INSERT INTO client_period BY NAME
SELECT
    'd' || i AS document_key, 'unit' AS role, 0 AS block, '24' AS task_code, 'unit ' || i AS unit, '/' || i AS pointer,
    day::VARCHAR AS start_text, day AS start_lo, day AS start_hi
FROM (SELECT i, DATE '2024-12-01' + (i * 9)::INTEGER AS day FROM range(12) AS made (i));

INSERT INTO register_episode BY NAME
SELECT
    'R' || i AS source_id, 'p' || i % 6 AS identity_key, 'service-task' AS layer,
    ['24', '10', 'odd'][1 + i % 3] AS service_task, '1.2.246.10.99999901' AS organiser, 'unit ' || i AS unit,
    '2025-01-17' AS start_text, DATE '2025-01-17' AS start_lo, DATE '2025-01-17' AS start_hi
FROM range(15) AS made (i);

DELETE FROM document WHERE document_key IN ('d0', 'd1', 'd2');
DELETE FROM client_period WHERE document_key IN ('d0', 'd1', 'd2');
DELETE FROM register_episode WHERE source_id IN ('R0', 'R1', 'R2');
"""


@pytest.fixture
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    """A store in which rows were deleted, so that a copy of its rows has other places than the rows themselves."""
    with connect_memory() as connection:
        connection.execute(_STORE)
        assert connection.execute("SELECT min(rowid) FROM document").fetchone() == (3,)
        assert connection.execute("SELECT min(rowid) FROM client_period").fetchone() == (3,)
        Model.build(connection, _REQUEST)
        yield connection


def _contents(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Every relation of the model that is there: its rows, without the numbers, which hold for one run."""
    there = {name for (name,) in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()}
    found = {}
    for name in there.intersection(model_tables()):
        rows = connection.execute(f"FROM {name}")
        columns = [column[0] for column in rows.description or ()]
        told = [dict(zip(columns, map(str, row), strict=True)) for row in rows.fetchall()]
        found[name] = sorted(str(sorted(cell for cell in row.items() if not cell[0].endswith("_no"))) for row in told)
    return found


def _without_municipality(row: str) -> str:
    return re.sub(r"\('municipality', '[^']*'\)", "", row)


def _let_go(connection: duckdb.DuckDBPyConnection) -> None:
    (store,) = connection.execute("SELECT current_database()").fetchone() or ("",)
    connection.execute("ATTACH ':memory:' AS elsewhere")
    connection.execute("USE elsewhere")
    connection.execute(f'DETACH "{store}"')


def test_without_the_store_the_model_says_the_same(store: duckdb.DuckDBPyConnection) -> None:
    before = _contents(store)
    assert before["ledger"]
    assert before["register_row"]
    Model(store, _REQUEST).stand_alone()
    _let_go(store)
    assert _contents(store) == before
    assert set(before) == set(model_tables()) - {"text_key"}


def test_a_view_that_still_needs_the_store_shows(store: duckdb.DuckDBPyConnection) -> None:
    Model(store, _REQUEST).stand_alone()
    store.execute("CREATE OR REPLACE TEMP VIEW explained AS FROM document")
    _let_go(store)
    with pytest.raises(duckdb.Error, match="document"):
        _contents(store)


def test_the_room_of_the_rules_says_the_same_of_the_model(store: duckdb.DuckDBPyConnection) -> None:
    before = {name: rows for name, rows in _contents(store).items() if not name.startswith("numbered_")}
    furnish(Model(store, _REQUEST))
    shut(store)
    within = _contents(store)
    for name in _TOLD_LESS:  # where restricted persons live is told to no rule: tests/privacy/test_safety.py
        before[name], within[name] = (sorted(map(_without_municipality, rows[name])) for rows in (before, within))
    assert {name: within.get(name) for name in before if name not in _GIVEN_UP} == {
        name: rows for name, rows in before.items() if name not in _GIVEN_UP
    }
    assert not _GIVEN_UP & within.keys()


def test_after_standing_alone_the_model_is_built_anew(store: duckdb.DuckDBPyConnection) -> None:
    before = _contents(store)
    Model(store, _REQUEST).stand_alone()
    Model.build(store, _REQUEST)
    assert _contents(store) == before


def test_a_changed_period_is_as_one_asked_for_at_once(store: duckdb.DuckDBPyConnection) -> None:
    before = _contents(store)
    other = Request(Period("2024Q4", dt.date(2024, 10, 1), dt.date(2024, 12, 31)))
    model = Model(store, _REQUEST).for_period(other.period)
    changed = _contents(store)
    assert changed["ledger"] != before["ledger"]
    Model.build(store, other)
    assert _contents(store) == changed
    # For the ledger alone nothing else is made, and what was made of another period is not there to be asked.
    model.for_period(_REQUEST.period, ledger_only=True)
    ledger = _contents(store)
    assert ledger == {name: rows for name, rows in before.items() if name in ledger}
    assert before.keys() - ledger.keys() == {
        "service_row", "service_found", "service_match", "service_conflict", "service_ledger",
        "previous_run", "previous_row", "numbered_protection_alone", "continuity",
    }  # fmt: skip
    model.for_period(_REQUEST.period)
    assert _contents(store) == before
    # What differs by more than its period is built anew.
    elsewhere = replace(_REQUEST, organisers=("1.2.246.10.99999902",))
    model.then(elsewhere)
    anew = _contents(store)
    assert anew["scope_organiser"] != before["scope_organiser"]
    Model.build(store, elsewhere)
    assert _contents(store) == anew


def test_a_changed_period_is_called_by_who_answers_for_it_in_that_period(store: duckdb.DuckDBPyConnection) -> None:
    merger = Link("organisers", "1.2.246.10.99999901", "1.2.246.10.99999902", dt.date(2025, 1, 1))
    before = Request(Period("2024Q4", dt.date(2024, 10, 1), dt.date(2024, 12, 31)), succession=(merger,))
    asked = replace(_REQUEST, succession=(merger,))
    model = Model.build(store, before)
    old = _contents(store)
    model.for_period(asked.period)
    changed = _contents(store)
    assert changed["succession"] != old["succession"]
    Model.build(store, asked)
    assert _contents(store) == changed
