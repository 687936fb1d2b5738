"""Brings a database of an older version to this one, after a copy of it was put beside it.

Migrating is done step by step, each a transaction, whoever opens the database for writing; this is for who wants to
know before, and to be able to go back.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from analyser.archive.reader import READER
from analyser.messages.errors import UsageError
from analyser.store.audit import note
from analyser.store.database import migrations, must_exist, open_database, settled_version
from analyser.store.owned import aside, real, sync_file, sync_folder
from analyser.store.tables import outdated
from analyser.system.private_files import private_files


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


def upgrade(path: Path, *, backup: bool) -> Upgraded:
    """Migrate the database at `path`. Raises UsageError when it cannot be opened, copied or written."""
    must_exist(path)
    before, newest = settled_version(path), migrations()[-1][0]
    copy = _copied(real(path), before) if backup and before < newest else None
    with open_database(path, write=True) as database:
        row = database.connection.execute(
            "SELECT count(*) FROM member "
            "WHERE mtime_ns IS NOT NULL AND standing IS NULL AND coalesce(reader, 0) < $reader",
            {"reader": READER},
        ).fetchone()
        done = Upgraded(before, newest, copy, int(row[0]) if row else 0, outdated(database.connection))
        if before < newest:
            note(database, "db upgrade", {"from": before, "to": newest, "backup": copy is not None})
    return done


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
