"""Takes a source out of the database with what was read from it: the only way by which a document that was read goes.

A source is found by its path as `ingest` finds it, whether it lies there still or not: the database knows no path, only
its hash. What lies there no more may also be named as outputs show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from analyser.archive.files.discover import hashed
from analyser.archive.files.names import shown
from analyser.ingest.loader import put_in_place
from analyser.ingest.run import fingerprint
from analyser.messages.errors import UsageError
from analyser.messages.suggestion import did_you_mean, suggestion
from analyser.national.identifiers import redacted
from analyser.store.audit import note
from analyser.store.database import Database, execute_all
from analyser.store.first_row import first_number, first_row
from analyser.store.tables import batch_views, delete_orphans, drop_lone_identities, find_places
from analyser.system.resources import query


@dataclass(frozen=True, slots=True)
class Held:
    """What the archive's side of a database holds."""

    documents: int
    frames: int
    """Transfer frames of different bytes."""
    quarantined: int
    """Members in quarantine."""
    identities: int
    """Identifiers of persons."""


@dataclass(frozen=True, slots=True)
class ForgottenSource:
    """What went with a source."""

    before: Held
    after: Held
    elsewhere: int
    """Documents of the source that stay, because they were read from another place too."""


def forget(database: Database, source: str, *, dry: bool) -> ForgottenSource:
    """Take out what was read from `source`; with `dry` only tell what that would be.

    Raises UsageError when nothing was read from there, or when several sources bear the name.
    """
    connection = database.connection
    _find(connection, source)
    before, touched = _held(connection)
    connection.begin()
    try:
        execute_all(connection, query("forget", "members"), {})
        delete_orphans(connection)
        drop_lone_identities(connection)
        find_places(connection)
        after, _ = _held(connection)
        done = ForgottenSource(before, after, touched - (before.documents - after.documents))
        if not dry:
            note(
                database,
                "forget",
                {
                    "documents": before.documents - after.documents,
                    "frames": before.frames - after.frames,
                    "quarantined": before.quarantined - after.quarantined,
                    "identities": before.identities - after.identities,
                    "documents_held": after.documents,
                    "archive": fingerprint(connection),
                },
            )
    except BaseException:
        connection.rollback()
        raise
    if dry:
        connection.rollback()
    else:
        connection.commit()
        put_in_place(connection)
    return done


def _find(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Put the members of the source into `forgotten_member`. Raises UsageError."""
    real = Path(source).resolve()
    places: list[tuple[str, str | None, str | None]] = [(hashed(str(real)), None, None)]
    for folder in real.parents:
        inside = str(real.relative_to(folder))
        key = hashed(str(folder))
        places.append((key, hashed(f"{key}\x1f{inside}"), f"{shown(inside)}/"))
    columns = zip(*places, strict=True)
    table = pa.table(
        {
            name: pa.array(column, pa.string())
            for name, column in zip(("source_key", "file_key", "below"), columns, strict=True)
        }
    )
    with batch_views(connection, {"place": table}):
        connection.execute(query("forget", "by-place"))
    if _found(connection):
        return
    name = redacted(source.removeprefix("./").rstrip("/"))
    if not real.exists() or _persons_forgotten(connection):
        connection.execute(query("forget", "by-name"), {"name": name})
        sources = _found(connection)
        if sources == 1:
            return
        if sources:
            raise UsageError("archive.several_sources", source=name, count=sources)
    known = [row[0] for row in connection.execute(query("forget", "names")).fetchall()]
    last = redacted(real.name)
    hint = did_you_mean(last) if last != name and last in known else suggestion(name, known)
    raise UsageError("archive.not_read", hint=hint, source=name)


def _persons_forgotten(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether hashes of paths were thrown away with the persons: then names alone lead to what was read."""
    return first_row(connection.execute("SELECT 1 FROM meta WHERE key = 'persons_forgotten'")) is not None


def _found(connection: duckdb.DuckDBPyConnection) -> int:
    """How many sources the members in `forgotten_member` come from."""
    return first_number(connection.execute("SELECT count(DISTINCT source_key) FROM forgotten_member"))


def _held(connection: duckdb.DuckDBPyConnection) -> tuple[Held, int]:
    """What is held, and how many of the documents were read from the source."""
    row = first_row(connection.execute(query("forget", "held"))) or (0, 0, 0, 0, 0)
    return Held(*row[:4]), int(row[4])
