"""Reads every block of every table, and says which cannot be read: DuckDB holds each block against its checksum."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from analyser.store.audit import missing, trail
from analyser.store.database import open_database
from analyser.store.first_row import first_row


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found."""

    tables: int
    rows: int
    """Of the tables that can be read."""
    unreadable: tuple[str, ...]
    """Tables that cannot be read to their end."""
    trail_sound: bool
    """Whether the audit trail is whole, as far as it could be read."""


def verify(path: Path) -> Verified:
    """Read the whole database. Raises UsageError when it cannot even be opened."""
    with open_database(path, write=False) as database:
        connection = database.connection
        names = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() ORDER BY table_name"
        ).fetchall()
        rows = 0
        unreadable = []
        for (name,) in names:
            try:
                # Names of our own tables; a relation cannot be bound as a parameter.
                found = first_row(
                    connection.execute(
                        f'SELECT count(*), bit_xor(hash(COLUMNS(*))) FROM "{name}"'  # noqa: S608
                    )
                )
            except duckdb.Error:
                unreadable.append(name)
            else:
                rows += found[0] if found else 0
        whole = "audit" in unreadable or (not missing(database) and all(entry.sound for entry in trail(database)))
    return Verified(len(names), rows, tuple(unreadable), whole)
