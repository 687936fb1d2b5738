"""Small stores for the delivery tests, filled row by row; people are synthetic (individual numbers 900-999)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analyser.coverage.model import Request
from analyser.coverage.result import Period
from analyser.store.database import Database, connect_memory

ORGANISER = "1.2.246.10.99999901.10.0"
QUARTER = Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31))
REQUEST = Request(QUARTER)
NOW = dt.datetime(2025, 4, 2, 9, 0)
PEOPLE = {
    "a" * 16: ("1.2.246.21", "010190-900P"),
    "b" * 16: ("1.2.246.21", "020290-9016"),
    "c" * 16: ("1.2.246.10.99999901.22.2024", "010100-9T9Z"),
}


@contextmanager
def store() -> Iterator[Database]:
    """Three persons and nothing else."""
    with connect_memory() as connection:
        for key, (root, value) in PEOPLE.items():
            insert(connection, "person_identity", identity_key=key, root=root, value=value)
        yield Database(connection, b"", Path("memory"))


def episode(
    database: Database,
    source_id: str,
    person: str = "a",
    task: str = "24",
    start: str = "2025-01-10",
    end: str | None = None,
    layer: str = "service-task",
    **more: Any,
) -> None:
    """A register row; one with the same source_id is replaced."""
    database.connection.execute("DELETE FROM register_episode WHERE source_id = $id", {"id": source_id})
    values = {"organiser": ORGANISER} | more
    insert(
        database.connection,
        "register_episode",
        source_id=source_id,
        identity_key=person * 16,
        layer=layer,
        service_task=task,
        **day("start", start),
        **(day("end", end) if end else {}),
        **values,
    )


def archive(
    database: Database, name: str, person: str = "a", task: str = "24", start: str = "2025-01-01", **document: Any
) -> None:
    """A current client-relationship document whose unit period is open."""
    moment = document.pop("created_at", dt.datetime(2025, 2, 1, 12, 0))
    oid = f"1.2.3.{name}"
    insert(
        database.connection,
        "document",
        document_key=name,
        oid=oid,
        set_id=oid,
        version=1,
        kind="client-relationship",
        body="json",
        organiser=ORGANISER,
        created_at=moment,
        **document,
    )
    insert(database.connection, "document_person", document_key=name, identity_key=person * 16, slot=0)
    insert(database.connection, "service_task_block", document_key=name, ordinal=0, task_code=task)
    insert(
        database.connection,
        "client_period",
        document_key=name,
        role="unit",
        block=0,
        task_code=task,
        **day("start", start),
    )


def insert(connection: Any, table: str, **values: Any) -> None:
    """One row."""
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f"${name}" for name in values)
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def day(name: str, text: str) -> dict[str, Any]:
    """The three columns of a date; `2025-02` is any day of that month."""
    if len(text) == 7:
        first = dt.date.fromisoformat(f"{text}-01")
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    else:
        first = last = dt.date.fromisoformat(text)
    return {f"{name}_text": text, f"{name}_lo": first, f"{name}_hi": last}
