"""What does not fit into memory lies beside the database in a folder of each process's own, for its owner alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest

from analyser.coverage.model import Request
from analyser.coverage.periods import parse_period
from analyser.rules import sandbox as room
from analyser.store.database import open_database
from analyser.store.shared import SharedDatabase
from analyser.system.private_files import ordinary_mode

_PROJECT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """A user whose files are open to everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def _spill(connection: duckdb.DuckDBPyConnection) -> None:
    for setting in ("SET threads = 1", "SET memory_limit = '40MB'"):
        connection.execute(setting)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE big AS SELECT 'S' || range || repeat('x', 90) AS a FROM range(800000)"
    )


def _assert_private(folder: Path, least: int) -> None:
    """All that lies beside the database, and in it: files 0600, folders 0700."""
    found = [path for path in folder.rglob("*") if path.name != "read.me"]
    assert len(found) >= least
    assert {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in found} == {
        path.name: "0o700" if path.is_dir() else "0o600" for path in found
    }


def test_the_file_its_log_and_its_overflow_are_for_their_owner_alone(tmp_path: Path) -> None:
    with open_database(tmp_path / "k.duckdb", write=True) as database:
        database.connection.execute("INSERT INTO meta VALUES ('a', 'b')")
        _spill(database.connection)
        _assert_private(tmp_path, 4)
        assert (tmp_path / "k.duckdb.wal").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["k.duckdb"]
    with open_database(tmp_path / "k.duckdb", write=False) as database:
        _spill(database.connection)
        _assert_private(tmp_path, 3)
    (tmp_path / "read.me").touch()
    assert stat.S_IMODE((tmp_path / "read.me").stat().st_mode) == 0o666, "the user's own files are as the user wants"


def test_so_is_the_overflow_of_who_reads_beside_a_writer(tmp_path: Path) -> None:
    with open_database(tmp_path / "k.duckdb", write=True):
        pass
    shared = SharedDatabase(tmp_path / "k.duckdb")
    cursor = shared.cursor()
    with shared.reading(cursor):
        _spill(cursor)
        _assert_private(tmp_path, 3)
    _spill(cursor)  # tables of a cursor outlive its reading
    _assert_private(tmp_path, 3)
    shared.close()
    assert os.umask(0) == 0


def test_and_the_overflow_of_the_rules_and_the_tables_that_are_written_for_an_analyst(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copy(connection: duckdb.DuckDBPyConnection, out: duckdb.DuckDBPyConnection) -> int:
        if out.execute("SELECT count(*) FROM duckdb_databases() WHERE path IS NOT NULL").fetchone() == (1,):
            out.execute("CREATE TABLE a AS SELECT 1 AS a")
            _spill(out)
            _assert_private(tmp_path, 5)
        return 0

    monkeypatch.setattr(room, "_copy", copy)
    with open_database(tmp_path / "k.duckdb", write=True) as database:
        room.write_tables(database.connection, tmp_path / "tables.duckdb")
        apart = room.apart(database.connection, Request(parse_period("2025Q1")))
        (place,) = apart.execute("SELECT current_setting('temp_directory')").fetchone() or ("",)
        assert place.startswith(f"{tmp_path}/k.duckdb.")
        (own,) = database.connection.execute("SELECT current_setting('temp_directory')").fetchone() or ("",)
        assert place != own
    assert stat.S_IMODE((tmp_path / "tables.duckdb").stat().st_mode) == 0o600


_READS = """
import sys, time
from pathlib import Path
from analyser.store.database import open_database
with open_database(Path(sys.argv[1]), write=False) as database:
    for setting in ("SET threads = 1", "SET memory_limit = '60MB'"):
        database.connection.execute(setting)
    for number in range(4):
        database.connection.execute(
            f"CREATE TEMP TABLE big{number} AS SELECT '{sys.argv[2]}' || range || repeat('x', 90) AS a FROM range(400000)"
        )
    print("spilled", flush=True)
    sys.stdin.readline()
    for number in range(4):
        found = database.connection.execute(f"SELECT count(*), count(DISTINCT a[1]), min(a[1]) FROM big{number}").fetchone()
        assert found == (400000, 1, sys.argv[2]), found
"""


def _reader(path: Path, letter: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(_PROJECT)}
    command = [sys.executable, "-c", _READS, str(path), letter]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_two_that_read_at_once_do_not_get_into_each_others_overflow(tmp_path: Path) -> None:
    with open_database(tmp_path / "k.duckdb", write=True):
        pass
    readers = [_reader(tmp_path / "k.duckdb", letter) for letter in "AB"]
    assert [reader.stdout and reader.stdout.readline() for reader in readers] == ["spilled\n"] * 2
    for reader in readers:
        reader.communicate("\n")
    assert [reader.returncode for reader in readers] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == ["k.duckdb"]


def test_overflow_of_a_killed_process_is_removed_by_the_next_that_opens(tmp_path: Path) -> None:
    with open_database(tmp_path / "k.duckdb", write=True):
        pass
    reader, other = (_reader(tmp_path / "k.duckdb", letter) for letter in "AB")
    for each in (reader, other):
        assert each.stdout
        assert each.stdout.readline() == "spilled\n"

    def left() -> list[str]:
        return sorted(path.name for path in tmp_path.iterdir() if path.is_dir())

    before = left()
    assert len(before) == 2
    reader.kill()
    reader.communicate()
    elsewhere = f"k.duckdb.00000000-{reader.pid}-1.tmp"  # of a machine whose processes nobody here can ask for
    for name in ("k.duckdb.notes.tmp", elsewhere):
        (tmp_path / name).mkdir()
    with open_database(tmp_path / "k.duckdb", write=False):
        (alive,) = set(left()) - {"k.duckdb.notes.tmp", elsewhere}
        assert f"-{other.pid}-" in alive
    other.communicate("\n")
    assert other.returncode == 0, "what a reader was at work with stayed"
    old = f"k.duckdb.{reader.pid}-1.tmp"
    (tmp_path / old).mkdir()  # as versions before named it
    with open_database(tmp_path / "k.duckdb", write=True):
        assert left() == ["k.duckdb.notes.tmp"]


def test_the_users_umask_comes_back_whoever_ends_last(tmp_path: Path) -> None:
    with ExitStack() as first:
        first.enter_context(open_database(tmp_path / "k.duckdb", write=True))
        shared = SharedDatabase(tmp_path / "other.duckdb")
        assert (os.umask(0o077), ordinary_mode()) == (0o077, 0o666)
    assert os.umask(0o077) == 0o077, "the second one still keeps its files private"
    shared.close()
    assert (os.umask(0), ordinary_mode()) == (0, 0o666)
