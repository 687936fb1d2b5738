"""Register data read by a query, from a real PostgreSQL server, SQLite and DuckDB; no secret and no person is told."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.command import Done
from tests.command import run_here as run
from tests.register.server import PASSWORD, Server, missing, server

psycopg = pytest.importorskip("psycopg", reason="the package psycopg is not installed")

PERSON = "010190-900P"
ORGANISER = "1.2.246.10.99999901.10.0"
_TABLE = (
    "CREATE TABLE asiakkuus (id integer, hetu text, tehtava integer, alku date, loppu timestamp, jarjestaja text, "
    "kunta text)"
)
_ROWS = (
    f"INSERT INTO asiakkuus VALUES (1, '{PERSON}', 24, '2025-01-10', NULL, '{ORGANISER}', '92'), "
    f"(2, '020290-9016', 15, '2024-01-10', '2025-02-01 00:00:00', '{ORGANISER}', '091'), "
    f"(3, '', 15, '2024-01-10', NULL, '{ORGANISER}', '091')"
)
_QUERY = (
    'SELECT id AS source_id, hetu AS person_id, tehtava AS service_task, alku AS start, loppu AS \\"end\\", '
    "jarjestaja AS organiser, kunta AS municipality FROM asiakkuus ORDER BY id; "
)


def _settings(folder: Path, **lines: object) -> None:
    told = "".join(f'{key} = "{value}"\n' for key, value in ({"query": _QUERY} | lines).items())
    (folder / "kanta-gap.toml").write_text(f"[source.effica]\n{told}", encoding="utf-8")


def _load(folder: Path, **environment: str) -> Done:
    return run(folder, "register", "--source", "effica", **environment)


def _found(folder: Path) -> list[tuple[object, ...]]:
    rows = json.loads(run(folder, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
    return [tuple(row[name] for name in ("source_id", "service_task", "start", "end", "municipality")) for row in rows]


_EXPECTED = [("1", "24", "2025-01-10", None, "092"), ("2", "15", "2024-01-10", "2025-02-01", "091")]


@pytest.fixture(scope="module")
def county() -> Iterator[Server]:
    """A server with the county's table."""
    if reason := missing():
        pytest.skip(reason)
    with server() as started:
        with psycopg.connect(
            host="127.0.0.1", port=started.port, user=started.user, password=PASSWORD, dbname="postgres"
        ) as connection:
            connection.execute(_TABLE)
            connection.execute(_ROWS)
        yield started


def _postgresql(folder: Path, at: Server, **more: object) -> None:
    place = {"engine": "postgresql", "host": "127.0.0.1", "port": at.port, "user": at.user, "dbname": "postgres"}
    _settings(folder, **(place | {"password_env": "COUNTY_PASSWORD"} | more))


def _tells_no_secret(done: Done) -> None:
    for told in (done.out, done.err):
        assert PASSWORD not in told
        assert PERSON not in told
        assert "Traceback" not in told


def test_postgresql_rows_are_read_as_those_of_a_file(tmp_path: Path, county: Server) -> None:
    _postgresql(tmp_path, county)
    done = _load(tmp_path, COUNTY_PASSWORD=PASSWORD)
    assert done.code == 3
    assert "source effica: 2 of 3 rows loaded as episodes" in done.err
    assert "source effica, row 4, column person_id: empty" in done.err
    assert _found(tmp_path) == _EXPECTED
    again = _load(tmp_path, COUNTY_PASSWORD=PASSWORD)
    assert "(2 replaced), 2 in all" in again.err
    _tells_no_secret(done)


def test_the_password_may_come_from_a_password_file_or_a_whole_connection_text(tmp_path: Path, county: Server) -> None:
    passfile = tmp_path / "pgpass"
    passfile.write_text(f"*:*:*:*:{PASSWORD}\n", encoding="utf-8")
    passfile.chmod(0o600)
    place = {
        "engine": "postgresql",
        "host": "127.0.0.1",
        "port": county.port,
        "user": county.user,
        "dbname": "postgres",
    }
    _settings(tmp_path, **place, passfile=passfile)
    assert _load(tmp_path).code == 3
    _settings(tmp_path, engine="postgresql", connection_env="COUNTY_CONNECTION")
    conninfo = psycopg.conninfo.make_conninfo(
        host="127.0.0.1", port=county.port, user=county.user, dbname="postgres", password=PASSWORD
    )
    assert _load(tmp_path, COUNTY_CONNECTION=conninfo).code == 3


@pytest.mark.parametrize(
    ("change", "password", "told"),
    [
        ({}, "wrong-secret", "refused user or password"),
        ({}, None, "needs the environment variable COUNTY_PASSWORD, which is not set"),
        ({"port": 9}, PASSWORD, "is not answering"),
        ({"dbname": "nowhere"}, PASSWORD, "has no such database or user"),
        ({"query": "SELECT hetu AS person_id FROM asiakkuus"}, PASSWORD, "has the columns of no register file"),
        ({"query": "SELECT nothing FROM asiakkuus"}, PASSWORD, 'column "nothing" does not exist'),
        ({"query": "SELECT hetu::date AS start FROM asiakkuus"}, PASSWORD, "was refused (SQLSTATE 22"),
        ({"query": "DELETE FROM asiakkuus RETURNING id"}, PASSWORD, "was refused (SQLSTATE 25006)"),
        ({"query": "SELECT 1 AS a, 2 AS a"}, PASSWORD, "has a column twice: a"),
    ],
)  # fmt: skip
def test_what_fails_is_told_without_the_secret_and_without_the_data(
    tmp_path: Path, county: Server, change: dict[str, object], password: str | None, told: str
) -> None:
    _postgresql(tmp_path, county, **change)
    done = run(
        tmp_path, "register", "--source", "effica", "--debug", **({"COUNTY_PASSWORD": password} if password else {})
    )
    assert done.code == 2
    assert told in done.err
    assert "wrong-secret" not in done.err
    _tells_no_secret(done)


def test_a_query_changes_nothing(tmp_path: Path, county: Server) -> None:
    for query in (
        "SELECT 1) TO STDOUT; DROP TABLE asiakkuus; --",
        "SELECT 1; DROP TABLE asiakkuus",
        "SELECT 1) TO PROGRAM 'touch stolen' --",
        "COPY asiakkuus TO STDOUT",
        "DROP TABLE asiakkuus",
        "SET transaction_read_only TO off",
    ):
        _postgresql(tmp_path, county, query=query)
        assert _load(tmp_path, COUNTY_PASSWORD=PASSWORD).code == 2, query
    _postgresql(tmp_path, county)
    assert _load(tmp_path, COUNTY_PASSWORD=PASSWORD).code == 3


def test_a_broken_connection_text_is_not_repeated(tmp_path: Path) -> None:
    _settings(tmp_path, engine="postgresql", connection_env="COUNTY_CONNECTION")
    done = _load(tmp_path, COUNTY_CONNECTION=f"host='127.0.0.1 password={PASSWORD}")
    assert done.code == 2
    _tells_no_secret(done)


def test_a_password_in_the_settings_is_refused_unread(tmp_path: Path) -> None:
    _settings(tmp_path, engine="postgresql", password=PASSWORD)
    done = _load(tmp_path)
    assert (done.code, "no password stands in the settings" in done.err) == (2, True)
    shown = run(tmp_path, "config")
    assert "source.effica.engine" in shown.out
    _tells_no_secret(done)
    _tells_no_secret(shown)


def test_sqlite_rows_are_read_as_those_of_a_file(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "county.db") as connection:
        connection.execute(_TABLE)
        connection.execute(_ROWS)
    connection.close()
    _settings(tmp_path, engine="sqlite", file="county.db", kind="episodes")
    before = (tmp_path / "county.db").read_bytes()
    assert _load(tmp_path).code == 3
    assert _found(tmp_path) == _EXPECTED
    _settings(tmp_path, engine="sqlite", file="county.db", query="DELETE FROM asiakkuus")
    assert _load(tmp_path).code == 2
    assert (tmp_path / "county.db").read_bytes() == before
    _settings(tmp_path, engine="sqlite", file="county.db", query="SELECT x FROM y")
    assert "was refused: no such table: y" in _load(tmp_path).err
    (tmp_path / "county.db").write_text("not a database, but long enough to look like a file of one")
    assert "file is not a database" in _load(tmp_path).err


def test_reading_an_sqlite_file_writes_nothing_beside_it(tmp_path: Path) -> None:
    """Neither a query that would, nor SQLite itself, which makes a log for readers of a file in WAL mode."""
    folder = tmp_path / "lite"
    folder.mkdir()
    _settings(tmp_path, engine="sqlite", file="lite/county.db", kind="episodes")
    writer = sqlite3.connect(folder / "county.db")
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute(_TABLE)
    writer.execute(_ROWS)
    writer.commit()
    beside = sorted(path.name for path in folder.iterdir())
    assert _load(tmp_path).code == 3, "while its own program has it open"
    assert _found(tmp_path) == _EXPECTED
    assert sorted(path.name for path in folder.iterdir()) == beside
    shutil.copytree(folder, tmp_path / "killed")
    writer.close()
    assert _load(tmp_path).code == 3
    assert [path.name for path in folder.iterdir()] == ["county.db"]
    (tmp_path / "killed" / "county.db-shm").unlink()
    _settings(tmp_path, engine="sqlite", file="killed/county.db", kind="episodes")
    assert "has a log (-wal)" in _load(tmp_path).err
    assert sorted(path.name for path in (tmp_path / "killed").iterdir()) == ["county.db", "county.db-wal"]
    for query in ("ATTACH 'lite/new.db' AS new", "SELECT load_extension('x') AS id", "PRAGMA journal_mode = DELETE",
                  "VACUUM INTO 'lite/new.db'", "SELECT name AS id FROM pragma_database_list"):  # fmt: skip
        _settings(tmp_path, engine="sqlite", file="lite/county.db", query=query)
        assert _load(tmp_path).code == 2, query
    assert [path.name for path in folder.iterdir()] == ["county.db"]


def test_duckdb_rows_are_read_as_those_of_a_file(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "county.duckdb")) as connection:
        connection.execute(_TABLE)
        connection.execute(_ROWS)
    _settings(tmp_path, engine="duckdb", file="county.duckdb")
    assert _load(tmp_path).code == 3
    assert _found(tmp_path) == _EXPECTED
    for query, told in (
        ("DELETE FROM asiakkuus", "must be exactly one SELECT"),
        ("SELECT x FROM asiakkuus", "was refused: Binder Error"),
        ("SELECT * FROM read_csv('/etc/passwd')", "calls the function ‘read_csv’"),
        ("SELECT * FROM enable_logging(storage = 'stdout')", "calls the function ‘enable_logging’"),
        ("SELECT current_setting('temp_directory') AS x", "calls the function ‘current_setting’"),
        ("SELECT hetu::DATE AS start FROM asiakkuus", "cannot be read (ConversionException)"),
    ):
        _settings(tmp_path, engine="duckdb", file="county.duckdb", query=query)
        done = _load(tmp_path)
        assert (done.code, told in done.err) == (2, True), done.err
        _tells_no_secret(done)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ({"engine": "oracle"}, "‘source.effica.engine’ is none of postgresql, sqlite, duckdb"),
        ({"engine": "sqlite", "file": "nowhere.db"}, "the file ‘nowhere.db’ of source ‘effica’ does not exist"),
        ({"engine": "sqlite", "host": "here"}, "unknown setting ‘source.effica.host’"),
        ({"engine": "sqlite", "query_file": "q.sql"}, "needs a query or a query_file, one of them"),
        ({"engine": "sqlite", "kind": "people"}, "‘source.effica.kind’ is none of episodes"),
        ({"engine": "sqlite", "query": " ; "}, "the query of source ‘effica’ is empty"),
    ],
)
def test_a_source_that_cannot_be_is_told(tmp_path: Path, lines: dict[str, object], told: str) -> None:
    _settings(tmp_path, **lines)
    done = _load(tmp_path)
    assert (done.code, told in done.err) == (2, True), done.err


def test_a_source_that_is_not_in_the_settings_is_told_with_those_that_are(tmp_path: Path) -> None:
    _settings(tmp_path, engine="sqlite", file="a.db")
    assert "have no source ‘efica’ (they have: effica)" in run(tmp_path, "register", "--source", "efica").err
    assert "there is nothing to load" in run(tmp_path, "register").err
