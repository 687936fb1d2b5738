"""How much memory a check takes, felt at DuckDB's own limit."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from analyser.rules import memory_limit as of_rules
from analyser.rules.memory_limit import frugal
from analyser.store import memory_limit as memory


@pytest.fixture
def connection(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that may write aside."""
    return duckdb.connect(":memory:", config={"temp_directory": str(tmp_path / "aside"), "memory_limit": "8GiB"})


def _limit(connection: duckdb.DuckDBPyConnection) -> str:
    (limit,) = connection.execute("SELECT current_setting('memory_limit')").fetchone() or ("",)
    return str(limit)


def test_the_limit_goes_with_the_data(connection: duckdb.DuckDBPyConnection) -> None:
    assert frugal(connection, lambda: _limit(connection)) == "1.0 GiB"
    assert _limit(connection) == "1.0 GiB", "it stays for what reads the tables"
    connection.execute("SET memory_limit = '8GiB'")
    connection.execute("CREATE TABLE large AS SELECT 1::TINYINT AS one FROM range(10_000_000)")
    assert frugal(connection, lambda: _limit(connection)) == "2.7 GiB"


def test_a_lower_limit_is_not_raised(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET memory_limit = '512MiB'")
    assert frugal(connection, lambda: _limit(connection)) == "512.0 MiB"


def test_without_a_place_to_write_aside_there_is_no_limit(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET temp_directory = ''")
    assert frugal(connection, lambda: _limit(connection)) == "8.0 GiB"


def test_work_that_needs_more_gets_it_and_begins_anew(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_rules, "_LEAST", 40_000_000)
    limits = []

    def work() -> int:
        limits.append(_limit(connection))
        connection.execute("CREATE TEMP TABLE begun AS SELECT 1 AS one")
        connection.execute("CREATE TEMP VIEW seen AS FROM begun")
        # A list is one value, which cannot be written aside in parts.
        found = connection.execute(
            "SELECT len(list(n || ' is a text')) FROM range(2_000_000) AS numbers (n)"
        ).fetchone()
        return int(found[0]) if found else 0

    assert frugal(connection, work) == 2_000_000
    assert limits == ["38.1 MiB", "8.0 GiB"]


def test_what_is_too_much_for_the_machine_is_told(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_rules, "_LEAST", 40_000_000)
    connection.execute("SET memory_limit = '60MB'")
    with pytest.raises(duckdb.OutOfMemoryException):
        frugal(
            connection,
            lambda: connection.execute(
                "SELECT list(n || ' is a text') FROM range(9_000_000) AS numbers (n)"
            ).fetchone(),
        )


@pytest.mark.parametrize(("told", "bytes_"), [("0 bytes", 0), ("38.1 MiB", 39_950_745.6), ("2.0 TiB", 2 * 2**40)])
def test_a_limit_is_read_as_duckdb_tells_it(told: str, bytes_: float) -> None:
    assert memory._bytes(told) == pytest.approx(bytes_)


@pytest.mark.parametrize(("rows", "parts"), [(1_000, 1), (28_000_000, 1), (29_000_000, 3), (2_000_000_000, 64)])
def test_parts_are_as_many_as_memory_asks_for(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, rows: int, parts: int
) -> None:
    monkeypatch.setattr(memory, "rows_of_store", lambda _: rows)
    assert memory.parts_that_fit(connection) == parts
