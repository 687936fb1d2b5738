"""A database that is reached by ODBC gives the rows that a file would; what lacks for it is told with its remedy."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from unittest.mock import patch

import pytest

from analyser.store.odbc import extension
from tests.command import Done
from tests.command import run_here as run
from tests.register.lists import HEADER, OTHER, PERSON, row

DRIVER = next(iter(Path("/usr/lib").glob("**/libsqlite3odbc.so")), None)
needs_odbc = pytest.mark.skipif(
    extension() is None or DRIVER is None,
    reason="needs the extra odbc, and Debian's unixodbc and libsqliteodbc",
)
SECRET = "salainen-sana"


def _load(folder: Path, query: str = "SELECT * FROM list ORDER BY 1", **place: str) -> Done:
    told = {"engine": "odbc", "query": query, "password_env": "SECRET"} | place
    lines = "".join(f"{key} = '''{value}'''\n" for key, value in told.items() if value)
    (folder / "kanta-gap.toml").write_text(f"[source.s]\n{lines}")
    done = run(folder, "register", "--source", "s", SECRET=SECRET)
    assert SECRET not in done.err
    assert PERSON not in done.err
    return done


@pytest.fixture
def county(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "county.db") as opened:
        columns = ", ".join(f'"{name}" {"DATE" if name == "end" else "TEXT"}' for name in ("x_team", *HEADER))
        opened.execute(f"CREATE TABLE list ({columns})")
        rows = [("Itä", *row("A", start="2024-10-01", end="9999-12-31")), ("", *row("B", person=OTHER, start="x"))]
        rows.append(("", *row("C", person=OTHER, start="2024-10-01", end=None)))
        opened.executemany(f"INSERT INTO list VALUES ({', '.join('?' * 7)})", rows)
    return tmp_path


@needs_odbc
def test_rows_are_read_as_those_of_a_file_and_nothing_is_changed(county: Path) -> None:
    place = {"driver": str(DRIVER), "database": str(county / "county.db")}
    done = _load(county, **place)
    assert done.code == 3, done.err
    listed = run(county, "gaps", "--period", "2025Q1", "-f", "csv").out.splitlines()
    assert [line.split(",")[0] for line in listed[1:]] == ["A", "C"]
    assert listed[1].endswith(",Itä")
    assert "1 end is written as a date that means an open end" in done.err
    for query in (
        "DELETE FROM list",
        "SELECT 1; DELETE FROM list",
        "WITH x AS (SELECT 1) DELETE FROM list",
        "SELECT * INTO other FROM list",
        "/* SELECT */ UPDATE list SET x_team = ''",
    ):
        assert "must be exactly one SELECT" in _load(county, query, **place).err
    with sqlite3.connect(county / "county.db") as opened:
        assert opened.execute("SELECT count(*) FROM list").fetchone() == (3,)
    assert "was refused by the database (SQLSTATE" in _load(county, "SELECT henkilo FROM list", **place).err
    assert "the ODBC driver or the data source name" in _load(county, driver="/no/such.so").err
    assert "the ODBC driver or the data source name" in _load(county, dsn="nowhere").err
    assert "no connection by ODBC" in _load(county, driver=str(DRIVER), database="/no/where/x.db").err
    connection = f"Driver={DRIVER};Database={county / 'county.db'}"
    (county / "kanta-gap.toml").write_text(
        '[source.s]\nengine = "odbc"\nconnection_env = "WHERE"\nquery = "SELECT * FROM list"\n'
    )
    assert run(county, "register", "--source", "s", WHERE=connection).code == 3  # row B


def test_what_lacks_is_told_with_its_remedy(tmp_path: Path) -> None:
    with patch("analyser.store.odbc.extension", return_value=None):
        done = _load(tmp_path, dsn="x")
    assert done.code == 2
    assert "pip install 'kanta-gap[odbc]'" in done.err
    with patch("analyser.store.odbc.extension", return_value=Path("x")):
        assert "write dsn, or driver and server, or connection_env" in _load(tmp_path, password_env="").err
        assert "needs the environment variable NOWHERE" in _load(tmp_path, dsn="x", password_env="NOWHERE").err
    assert "no password stands in the settings" in _load(tmp_path, dsn="x", password="x").err
