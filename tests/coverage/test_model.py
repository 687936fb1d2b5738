"""The SQL model on counties small enough to be checked by eye. The oracle checks it on thousands of others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analyser.coverage.measure import coverage, gaps, ledger
from analyser.coverage.model import Model, Request
from analyser.coverage.result import CellStatus, Dimension, Period, RowClass
from analyser.messages.errors import BrokenSumError
from analyser.store.database import Database, connect_memory
from tests.oracle.county import date_columns

_ORGANISER = "1.2.246.10.99999901.10.0"
_QUARTER = Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31))
_AINO, _OTHER = "a" * 16, "b" * 16


@pytest.fixture
def database() -> Iterator[Database]:
    """The example county: one person archived from 17.1. to 2.3., four register rows."""
    with connect_memory() as connection:
        _insert(
            connection,
            "document",
            document_key="d1",
            oid="1.2.3.1",
            set_id="1.2.3.1",
            version=1,
            kind="client-relationship",
            body="json",
            organiser=_ORGANISER,
            created_at=dt.datetime(2025, 1, 17, 13, 6),
        )
        _insert(connection, "document_person", document_key="d1", identity_key=_AINO, slot=0, municipality="092")
        _insert(connection, "service_task_block", document_key="d1", ordinal=0, task_code="24")
        _insert(
            connection,
            "client_period",
            document_key="d1",
            role="unit",
            block=0,
            task_code="24",
            **_day("start", "2025-01-17"),
            **_day("end", "2025-03-02"),
        )
        for source_id, person, task, start, layer in (
            ("R1", _AINO, "24", "2025-01-17", "service-task"),
            ("R2", _AINO, "10", "2025-01-17", "service-task"),
            ("R3", _OTHER, "24", "2025-02-01", "service-task"),
            ("R4", _AINO, "10", "2025-01-17", "child-protection"),
        ):
            _insert(
                connection,
                "register_episode",
                source_id=source_id,
                identity_key=person,
                layer=layer,
                service_task=task,
                organiser=_ORGANISER,
                municipality="092",
                **_day("start", start),
            )
        yield Database(connection, b"", Path("memory"))


def test_the_example_county_ends_as_the_contract_says(database: Database) -> None:
    rows = {row["source_id"]: row for row in gaps(database, Request(_QUARTER)).rows.to_pylist()}
    assert {source_id: row["class"] for source_id, row in rows.items()} == {
        "R1": "partial",
        "R2": "missing",
        "R3": "missing",
        "R4": "missing",
    }
    assert (rows["R1"]["days_expected"], rows["R1"]["days_archived"]) == (74, 45)
    assert rows["R1"]["reasons"] == ["dates-outside", "dates-differ", "no-case-document"]
    assert rows["R2"]["reasons"] == ["no-service-task", "no-case-document"]
    assert rows["R3"]["reasons"] == ["no-document", "no-case-document"]
    assert rows["R4"]["reasons"] == ["no-service-task", "no-case-document"]
    assert rows["R1"]["documents"] == ["1.2.3.1"]


def test_cells_add_up_to_the_totals_whatever_they_are_broken_down_by(database: Database) -> None:
    for by in ([], [Dimension.MUNICIPALITY], [Dimension.SERVICE_TASK], list(Dimension)):
        result = coverage(database, Request(_QUARTER), by)
        assert sum(cell.totals.rows for cell in result.cells) == result.totals.rows == 4
        assert {cell.status for cell in result.cells} == {CellStatus.GAP}


def test_a_cell_tells_the_dimensions_that_were_asked_for_and_no_others(database: Database) -> None:
    result = coverage(database, Request(_QUARTER), [Dimension.MUNICIPALITY, Dimension.SERVICE_TASK])
    assert [key for key, _ in result.cells[0].place] == ["service_task", "municipality"]
    assert [key for key, _ in coverage(database, Request(_QUARTER)).cells[0].place] == ["layer", "service_task"]


def test_an_empty_denominator_is_neither_nothing_nor_everything(database: Database) -> None:
    later = Period("2031Q1", dt.date(2031, 1, 1), dt.date(2031, 3, 31))
    database.connection.execute("DELETE FROM register_episode")
    result = coverage(database, Request(later))
    assert result.totals.rows == 0
    assert result.totals.coverage_rows is None
    assert result.totals.coverage_days is None
    assert result.totals.coverage_persons is None


def test_only_the_classes_asked_for_are_listed(database: Database) -> None:
    listed = gaps(database, Request(_QUARTER), [RowClass.PARTIAL]).rows.to_pylist()
    assert [row["source_id"] for row in listed] == ["R1"]


def test_a_document_stored_after_the_as_of_date_does_not_exist(database: Database) -> None:
    request = Request(_QUARTER, as_of=dt.date(2025, 1, 16))
    row = gaps(database, request).rows.to_pylist()[0]
    assert row["class"] == "missing"
    assert row["reasons"] == ["no-document", "after-as-of", "no-case-document"]


def test_a_day_on_which_it_was_stored_is_not_after_it(database: Database) -> None:
    request = Request(_QUARTER, as_of=dt.date(2025, 1, 17))
    assert gaps(database, request).rows.to_pylist()[0]["class"] == "partial"


def test_a_partial_start_reaches_no_farther_than_the_end_of_its_row(database: Database) -> None:
    # "2025" to 14.1. can only have started in January: certainly of the period, and no reading of it is archived.
    start = {"start_text": "2025", "start_lo": dt.date(2025, 1, 1), "start_hi": dt.date(2025, 12, 31)}
    for source_id, end in (("R5", _day("end", "2025-01-14")), ("R6", {})):
        _insert(
            database.connection,
            "register_episode",
            source_id=source_id,
            identity_key=_OTHER,
            layer="service-task",
            service_task="24",
            organiser=_ORGANISER,
            **start,
            **end,
        )
    classes = {row["source_id"]: row["class"] for row in gaps(database, Request(_QUARTER)).rows.to_pylist()}
    assert classes["R5"] == "missing"
    assert classes["R6"] == "undetermined"  # it may have started after the period


@pytest.mark.parametrize(
    "damage",
    [
        "INSERT INTO ledger_row SELECT * FROM ledger_row WHERE source_id = 'R1'",
        "UPDATE ledger_row SET class = 'lost' WHERE source_id = 'R1'",
        "UPDATE ledger_row SET reasons = [] WHERE source_id = 'R1'",
        "UPDATE ledger_row SET days_archived = 75 WHERE source_id = 'R1'",
        "DELETE FROM numbered_standing",
        "INSERT INTO reason_found SELECT row_no, 'a reason unplaced', NULL, NULL FROM episode WHERE source_id = 'R1'",
        "DELETE FROM ledger_row WHERE source_id = 'R1'",
    ],
)
def test_a_sum_that_does_not_tie_is_an_error(database: Database, damage: str) -> None:
    model = Model.build(database.connection, Request(_QUARTER))
    database.connection.execute(damage)
    with pytest.raises(BrokenSumError):
        model.assert_ties()


@pytest.mark.parametrize(("start", "end"), [("2025-02-20", "2025-02-19"), ("2025-03-01", "2025-01-20")])
def test_a_row_that_ends_before_it_starts_hides_no_archived_episode(database: Database, start: str, end: str) -> None:
    database.connection.execute("DELETE FROM register_episode")
    _insert(
        database.connection,
        "register_episode",
        source_id="R9",
        identity_key=_AINO,
        layer="service-task",
        service_task="24",
        organiser=_ORGANISER,
        **_day("start", start),
        **_day("end", end),
    )
    found = gaps(database, Request(_QUARTER))
    assert found.rows.to_pylist()[0]["reasons"] == ["end-before-start"]
    assert found.archived_only.num_rows == 1


@pytest.mark.long
def test_a_long_chain_and_a_wide_star_of_identities_are_one_person_each() -> None:
    with connect_memory() as connection:
        chain = [(f"{n:016x}", f"{n + 1:016x}") for n in range(300)]
        star = [(f"f{n:015x}", "f" * 16) for n in range(20_000)]
        for table in (chain, star):
            connection.execute(
                "INSERT INTO register_identity BY NAME "
                "SELECT unnest($here) AS identity_key, unnest($there) AS same_as_key",
                {"here": [here for here, _ in table], "there": [there for _, there in table]},
            )
        Model.build(connection, Request(_QUARTER))
        persons = connection.execute(
            "SELECT person_key, count(*) FROM person_link GROUP BY person_key ORDER BY person_key"
        ).fetchall()
    assert persons == [(f"{0:016x}", 301), (f"f{0:015x}", 20_001)]


def _day(name: str, text: str) -> dict[str, Any]:
    return {
        f"{name}_text": text,
        f"{name}_lo": dt.date.fromisoformat(text),
        f"{name}_hi": dt.date.fromisoformat(text),
    }


def _insert(connection: duckdb.DuckDBPyConnection, table: str, **values: Any) -> None:
    columns = ", ".join(values)
    marks = ", ".join(f"${name}" for name in values)
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


@pytest.mark.parametrize(
    ("sets", "beyond"), [(12, False), (13, True), pytest.param(1100, True, marks=pytest.mark.long)]
)
def test_more_readings_than_are_gone_through_are_told_as_such_and_decided_where_none_matters(
    sets: int, beyond: bool
) -> None:
    """Each conflicted set has a document without days of task 24 and one with; other tasks have none in conflict."""
    with connect_memory() as connection:

        def document(key: str, set_id: str, task: str, start: str | None) -> None:
            _insert(
                connection, "document", document_key=key, oid=key, set_id=set_id, version=1, kind="client-relationship",
                body="json", organiser=_ORGANISER, created_at=dt.datetime(2025, 1, 17, 13, 6),
            )  # fmt: skip
            _insert(connection, "document_person", document_key=key, identity_key=_AINO, slot=0, origin="header")
            _insert(connection, "service_task_block", document_key=key, ordinal=0, task_code=task)
            if start is not None:
                _insert(
                    connection, "client_period", document_key=key, role="unit", block=0, task_code=task,
                    **_day("start", start),
                )  # fmt: skip

        for number in range(sets):
            document(f"n{number:04}", f"s{number}", "24", None)
            document(f"y{number:04}", f"s{number}", "24", "2025-01-17")
        document("alone", "alone", "15", "2025-01-01")
        rows = [
            ("R1", "24", "2025-01-17"),
            ("R2", "10", "2025-01-01"),
            ("R3", "15", "2025-02-01"),
            ("R4", "20", "2025"),
        ]
        for source_id, task, start in rows:
            _insert(
                connection, "register_episode", source_id=source_id, identity_key=_AINO, layer="service-task",
                service_task=task, organiser=_ORGANISER, **date_columns("start", start),
            )  # fmt: skip
        model = Model.build(connection, Request(_QUARTER))
        told = connection.execute("SELECT source_id, class, reasons FROM ledger ORDER BY source_id").fetchall()
        assert [(source_id, row_class) for source_id, row_class, _ in told] == [
            ("R1", "undetermined"), ("R2", "missing"), ("R3", "archived"), ("R4", "undetermined"),
        ]  # fmt: skip
        assert {source_id: reasons for source_id, row_class, reasons in told if row_class == "undetermined"} == {
            "R1": ["version-conflict"],
            "R4": ["partial-date"],
        }
        assert ledger(model).beyond_limit == (("R1",) if beyond else ())
