"""Whose documents the archive holds, for who reads more of it and for who maps a register."""

from __future__ import annotations

from analyser.store.database import Database

_MOST = 10


def archived_organisers(database: Database) -> tuple[str, ...]:
    """The organisers of the documents read, those with most documents first."""
    found = database.connection.execute(
        "SELECT organiser FROM document WHERE organiser IS NOT NULL GROUP BY ALL ORDER BY count(*) DESC, organiser"
    ).fetchmany(_MOST)
    return tuple(organiser for (organiser,) in found)
