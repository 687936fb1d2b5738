"""Databases of older schemas as scripts: `python -m tests.store.older_schemas DATABASE SCRIPT`.

Each was made by the commit that wrote the schema last, from `fixtures/schemas/in`, `episodes.csv` and `services.csv`: an
ingest, two registers, `coverage`, and a delivery marked as sent where that version knew how. Files lie elsewhere on each
machine, so keys of sources and members stand as names in braces.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import duckdb

from analyser.archive.files.discover import hashed

FOLDER = Path(__file__).parents[2] / "fixtures" / "schemas"
SOURCE = "{source}"


def script(database: Path) -> str:
    """The database as SQL: its tables, their rows in their order, its views."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute("SELECT table_name, sql FROM duckdb_tables() ORDER BY table_oid").fetchall()
        views = connection.execute("SELECT sql FROM duckdb_views() WHERE NOT internal ORDER BY view_oid").fetchall()
        lines = [sql for _, sql in tables]
        for table, _ in tables:
            found = connection.execute(f'FROM "{table}"').fetchall()
            if found:
                rows = ",\n".join("(" + ", ".join(map(_literal, row)) + ")" for row in found)
                lines.append(f'INSERT INTO "{table}" VALUES\n{rows};')
        lines += [sql for (sql,) in views]
        members = connection.execute("SELECT source_key, member_key, member FROM member").fetchall()
    told = "\n".join(line.strip() for line in lines) + "\n"
    for source, key, member in members:
        told = told.replace(key, f"{{{member}}}").replace(source, SOURCE)
    return told


def _literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bool() | int() | float():
            return str(value)
        case list():
            return "[" + ", ".join(map(_literal, value)) + "]"
        case _:
            return "'" + str(value).replace("'", "''") + "'"


def sql_of(told: Path, archive: Path) -> str:
    """A script as if the database had been read from `archive`."""
    source = hashed(str(archive.resolve()))
    sql = re.sub(r"\{([a-z]+\.xml)\}", lambda name: hashed(f"{source}\x1f{name[1]}"), told.read_text(encoding="utf-8"))
    return sql.replace(SOURCE, source)


def write(told: Path, archive: Path, into: Path) -> None:
    """Make the database of a script."""
    with duckdb.connect(str(into)) as connection:
        connection.execute(sql_of(told, archive))
    into.chmod(0o600)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(script(Path(sys.argv[1])), encoding="utf-8")
