"""Brings a database of an older version to this one, after a copy of it was put beside it.

Migrating is done step by step, each a transaction, whoever opens the database for writing; this is for who wants to
know before, and to be able to go back.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analyser.archive.reader import READER
from analyser.messages.errors import UsageError
from analyser.store.audit import note
from analyser.store.database import must_exist, open_database, settled
from analyser.store.first_row import first_number
from analyser.store.owned import aside, real, sync_file, sync_folder
from analyser.store.schema import migrations
from analyser.store.tables import outdated, outdated_rows
from analyser.system.private_files import private_files

_DOCUMENTS = "SELECT count(*) FROM document"
_ROWS = """
SELECT
    (SELECT count(*) FROM register_episode) + (SELECT count(*) FROM register_service)
    + (SELECT count(*) FROM register_identity) + (SELECT count(*) FROM register_code)
    + (SELECT count(*) FROM register_period) + (SELECT count(*) FROM register_population)"""


@dataclass(frozen=True, slots=True)
class Planned:
    """What an upgrade is about to do."""

    before: int
    """Number of the schema that was found."""
    after: int
    documents: int
    """Documents that an older version of the reader read."""
    rows: int
    """Register rows that an older version read."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did."""

    before: int
    """Number of the schema that was found."""
    after: int
    backup: str | None
    """Name of the copy beside the database; None when none was wanted or nothing was to be done."""
    files: int
    """Files that an older version of the reader read: the next ingest of their sources reads them again."""
    documents: int
    """Documents that stand as an older version of the reader understood them."""
    rows: dict[str, int]
    """Register files whose rows stand as an older version understood them, with how many there are."""


def upgrade(path: Path, *, backup: bool, tell: Callable[[Planned], None]) -> Upgraded:
    """Migrate the database at `path`; `tell` is told before anything is done.

    Raises UsageError when it cannot be opened, copied or written.
    """
    must_exist(path)
    newest = migrations()[-1][0]
    with settled(path) as (connection, before):
        if before < newest:
            tell(Planned(before, newest, *_older(connection)))
    copy = _copied(real(path), before) if backup and before < newest else None
    with open_database(path, write=True) as database:
        files = first_number(
            database.connection.execute(
                "SELECT count(*) FROM member "
                "WHERE mtime_ns IS NOT NULL AND standing IS NULL AND coalesce(reader, 0) < $reader",
                {"reader": READER},
            )
        )
        done = Upgraded(
            before,
            newest,
            copy,
            files,
            outdated(database.connection),
            outdated_rows(database.connection),
        )
        if before < newest:
            note(database, "db upgrade", {"from": before, "to": newest, "backup": copy is not None})
    return done


def _older(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Documents and register rows that older readers read, in a database of whatever schema; all of them, before there
    were versions."""
    versioned = {
        table
        for (table,) in connection.execute(
            "SELECT table_name FROM duckdb_columns() "
            "WHERE column_name = 'reader' AND database_name = current_database()"
        ).fetchall()
    }
    documents = outdated(connection) if "document" in versioned else first_number(connection.execute(_DOCUMENTS))
    rows = (
        sum(outdated_rows(connection).values())
        if "register_load" in versioned
        else first_number(connection.execute(_ROWS))
    )
    return documents, rows


def _copied(path: Path, version: int) -> str:
    """Copy the file, encrypted if it is, for its owner alone; returns the name of the copy. Another copy stays."""
    name, number = f"{path.name}.schema-{version}", 1
    while path.with_name(name).exists():
        number += 1
        name = f"{path.name}.schema-{version}-{number}"
    made = aside(path)
    try:
        with private_files():
            made.unlink(missing_ok=True)
            shutil.copyfile(path, made)
            sync_file(made)
        if made.stat().st_size != path.stat().st_size:
            raise UsageError("store.no_backup", file=path.name)
        made.rename(path.with_name(name))
        sync_folder(path)
    except OSError:
        raise UsageError("store.no_backup", file=path.name) from None
    finally:
        made.unlink(missing_ok=True)
    return name
