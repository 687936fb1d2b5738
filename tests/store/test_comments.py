"""The database says itself what its tables and columns mean, whoever opens it, also after it was written anew."""

from __future__ import annotations

from pathlib import Path

import duckdb

from analyser.store.database import open_database
from tests.command import run_here as run

_SILENT = """
SELECT table_name AS name FROM duckdb_tables() WHERE NOT internal AND comment IS NULL
UNION ALL
SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL
UNION ALL
SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL
ORDER BY name"""


def _silent(path: Path) -> list[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return [name for (name,) in connection.execute(_SILENT).fetchall()]


def test_every_table_and_column_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "kanta-gap.duckdb"
    with open_database(path, write=True):
        pass
    assert _silent(path) == []
    # A database of before, or with other words, gets them with the next command that writes.
    with duckdb.connect(str(path)) as connection:
        connection.execute("COMMENT ON TABLE document IS NULL")
        connection.execute("COMMENT ON COLUMN document.oid IS NULL")
        connection.execute("DELETE FROM meta WHERE key = 'comments'")
    assert _silent(path) == ["document", "document.oid"]
    with open_database(path, write=True):
        pass
    assert _silent(path) == []
    run(tmp_path, "db", "key", "k")
    assert run(tmp_path, "db", "encrypt", "--key-file", "k").code == 0
    assert run(tmp_path, "db", "decrypt", "--key-file", "k").code == 0
    assert _silent(path) == []
