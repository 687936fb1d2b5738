"""A database of every schema so far becomes what a fresh start gives, and shows nobody whom its own reader left in it.

The planted persons of `fixtures/schemas/in` stand in codes, keys of contents, names of elements and source_ids.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pytest

from analyser.delivery.manifest import read_manifest
from analyser.store import regard
from analyser.store.database import connect_memory, open_database
from analyser.store.schema import migrate, migrations
from tests.command import run_here as run
from tests.store.dump import dump
from tests.store.older_schemas import FOLDER, sql_of, write

_SCRIPTS = sorted(FOLDER.glob("*.sql"))
_WHO = ("140312A907T", "010190-901X", "010190–901X", "010180-902J", "Kanarialintu", "Keltanokka")
_OWN = {"register_history", "remembered_run", "remembered_row", "delivery_row", "identities"}
"""What was loaded, asked and delivered before, on another day."""
_BY_SECRET = re.compile(r"text-[0-9a-f]{16}|\[id-[0-9a-f]{16}\]|\b[0-9a-f]{16}\b")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of today's."""
    folder = tmp_path_factory.mktemp("fresh")
    _read(folder)
    return folder


def _read(folder: Path) -> None:
    assert run(folder, "ingest", str(FOLDER / "in"), "--workers", "1").code == 3
    assert run(folder, "register", str(FOLDER / "episodes.csv")).code == 3
    assert run(folder, "register", str(FOLDER / "services.csv")).code == 0


_QUICK = ("0001", "0012-r1")
_WHOLE = [told if told.stem in _QUICK else pytest.param(told, marks=pytest.mark.long) for told in _SCRIPTS]


@pytest.mark.parametrize("told", _WHOLE, ids=lambda told: told.stem)
def test_an_older_database_is_as_good_as_a_fresh_one(told: Path, fresh: Path, tmp_path: Path) -> None:
    write(told, FOLDER / "in", tmp_path / "kanta-gap.duckdb")
    done = run(tmp_path, "db", "upgrade", "--no-backup")
    assert f"has schema {int(told.stem[:4])} and is brought to {migrations()[-1][0]}" in done.err, done.err
    assert "episodes.csv, services.csv again" in done.err
    shown = run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json")
    assert shown.code == 3
    facts = json.loads(run(tmp_path, "info", "-f", "json").out)["database"]
    assert facts["read_by_older_reader"] > 0
    assert facts["rows_read_by_older_reader"] > 0
    with open_database(tmp_path / "kanta-gap.duckdb", write=False) as opened:
        for table, column in opened.connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND data_type LIKE 'VARCHAR%' "
            "AND table_name <> 'person_identity'"
        ).fetchall():
            held = repr(opened.connection.execute(f'SELECT DISTINCT "{column}" FROM "{table}"').fetchall())
            assert not [who for who in _WHO if who in held], (table, column)
    _read(tmp_path)
    here, there = dump(tmp_path / "kanta-gap.duckdb"), dump(fresh / "kanta-gap.duckdb")
    for table in there.keys() - _OWN:
        assert _by_input(here[table]) == _by_input(there[table]), table
    assert [row for row in here["identities"] if row in there["identities"]] == there["identities"]


def _by_input(rows: list[str]) -> list[str]:
    return sorted(_BY_SECRET.sub("", row) for row in rows)


def test_every_older_database_gets_the_tables_of_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps had other numbers for a while, as branches met: whichever a database took, it lacks none."""
    monkeypatch.setattr(regard, "regard_anew", lambda *_: 0)
    columns = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
    with connect_memory() as connection:
        wanted = connection.execute(columns).fetchall()
    for told in _SCRIPTS:
        with duckdb.connect() as connection:
            connection.execute(sql_of(told, FOLDER / "in"))
            migrate(connection, Path("older"))
            assert connection.execute(columns).fetchall() == wanted, told.stem


@pytest.mark.parametrize("cell", ["abc", "-3", "8.0", "", "99999999"])
def test_a_damaged_version_is_told_as_such(cell: str, tmp_path: Path) -> None:
    write(FOLDER / "0008.sql", FOLDER / "in", tmp_path / "kanta-gap.duckdb")
    with duckdb.connect(str(tmp_path / "kanta-gap.duckdb")) as connection:
        connection.execute("UPDATE meta SET value = $1 WHERE key = 'schema_version'", [cell])
    for command in (("db", "upgrade"), ("coverage", "--period", "2025Q1")):
        done = run(tmp_path, *command)
        assert (done.code, "is damaged" in done.err) == (2, True), done.err
    assert [file.name for file in tmp_path.iterdir()] == ["kanta-gap.duckdb"]


def test_a_file_of_a_newer_duckdb_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(FOLDER / "0008.sql", FOLDER / "in", tmp_path / "kanta-gap.duckdb")

    def newer(*_: object, **__: object) -> None:
        raise duckdb.IOException(
            "IO Error: Trying to read a database file with version number 999, but we can only read versions between 64 "
            "and 68.\nThe database file was created with an newer version of DuckDB."
        )

    monkeypatch.setattr(duckdb, "connect", newer)
    done = run(tmp_path, "db", "upgrade")
    assert (done.code, f"newer DuckDB than the one in use ({duckdb.__version__})" in done.err) == (2, True), done.err


def test_only_who_writes_upgrades_and_says_so_and_others_name_the_command_with_the_file(tmp_path: Path) -> None:
    write(FOLDER / "0008.sql", FOLDER / "in", tmp_path / "old.duckdb")
    for command in ("coverage", "gaps", "check", "quarantine", "handover"):
        done = run(tmp_path, command, "--db", "old.duckdb")
        assert (done.code, "hint: upgrade it with: kanta-gap db upgrade --db old.duckdb" in done.err) == (2, True), (
            command
        )
    done = run(tmp_path, "register", str(FOLDER / "services.csv"), "--db", "old.duckdb")
    assert f"old.duckdb was brought from schema 8 to {migrations()[-1][0]}" in done.err


def test_the_manifest_of_the_first_deliveries_is_read() -> None:
    told = read_manifest((FOLDER / "manifest-0002.json").read_bytes(), "delivery")
    assert (told.database, told.number, len(told.listed)) == ("", None, 3)


def test_every_schema_that_was_ever_written_is_there() -> None:
    """But for those that no commit of the main line ended with; the newest gets its script from the commit that leaves it."""
    assert {int(told.stem[:4]) for told in _SCRIPTS} >= {1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17, 19, 23, 24, 25}
