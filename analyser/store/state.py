"""How a database stands, told without looking at anybody's data: for a support ticket."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analyser.store.database import open_database
from analyser.store.tables import outdated, outdated_rows


@dataclass(frozen=True, slots=True)
class StoreState:
    """What a support ticket needs of a database."""

    schema: int
    read_by_older_reader: int
    """Documents that stand as an older version of the reader understood them."""
    rows_read_by_older_reader: int
    """The same of register rows."""
    persons_forgotten: bool


def state(path: Path) -> StoreState:
    """The state of the database at `path`. Raises UsageError when it cannot be opened."""
    with open_database(path, write=False) as database:
        found = database.connection.execute(
            "SELECT key, value FROM meta WHERE key IN ('schema_version', 'persons_forgotten')"
        ).fetchall()
        facts = dict(found)
        return StoreState(
            int(facts.get("schema_version", "0")),
            outdated(database.connection),
            sum(outdated_rows(database.connection).values()),
            "persons_forgotten" in facts,
        )
