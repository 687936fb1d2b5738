"""A database as something to compare: every table's rows, whatever their order, without what differs by nature."""

from __future__ import annotations

import re
from pathlib import Path

from analyser.store.database import open_database

# The key of the person hashes is random, and the audit trail and the remembered runs tell when somebody did something.
_OWN = {"meta", "audit", "delivery", "person_identity", "register_load"}
# Loads have numbers, and one that was cut short had one too. When a file was touched is noted once that is long enough ago.
_NUMBERS = {"load", "seen", "ctime_ns"}
_KEYS = {"identity_key", "person_key", "same_as_key"}


def dump(path: Path) -> dict[str, list[str]]:
    """Rows of all tables, persons by their identifiers instead of by their keys."""
    with open_database(path, write=False, patience=0) as database:
        connection = database.connection
        names = {
            key: f"{root}|{value}"
            for key, root, value in connection.execute(
                "SELECT identity_key, root, value FROM person_identity"
            ).fetchall()
        }
        tables = [
            name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
        ]
        found = {"identities": sorted(names.values())}
        for table in tables:
            if table not in _OWN:
                rows = connection.execute(
                    f"SELECT COLUMNS(lambda name: name NOT IN {tuple(sorted(_NUMBERS))}) FROM {table}"
                ).fetchall()
                found[table] = sorted(
                    # Marks hang on the database's own key, like the keys of persons.
                    re.sub(
                        r"text-[0-9a-f]{16}",
                        "text",
                        repr([names.get(value, value) if isinstance(value, str) else value for value in row]),
                    )
                    for row in rows
                )
    return found
