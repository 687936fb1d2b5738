"""Everything that a database holds, as one text to look for canaries in."""

from __future__ import annotations

from collections.abc import Collection

from analyser.store.database import Database


def everything_in(database: Database, without: Collection[str] = ()) -> str:
    """Every cell of every table of the file, but for the tables named."""
    connection = database.connection
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"
    ).fetchall()
    return "\n".join(
        f"{name}: {row!r}"
        for (name,) in tables
        if name not in without
        for row in connection.execute(f'SELECT COLUMNS(*)::VARCHAR FROM "{name}"').fetchall()
    )
