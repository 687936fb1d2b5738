"""Whether a folder is the delivery that was written, and whether it was sent.

A folder is recognised by the hash of its manifest, and its files by the hashes inside: neither its name nor its place
counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from analyser.delivery.folder import MANIFEST
from analyser.delivery.manifest import read_manifest
from analyser.delivery.profile import Part
from analyser.errors import UsageError
from analyser.store.audit import note
from analyser.store.database import Database

_REMEMBERED = (Part.EPISODES, Part.SERVICES)
"""Parts whose rows the memory keeps once each."""


class Fault(StrEnum):
    """What is wrong with a folder."""

    FILE_MISSING = "file-missing"
    FILE_CHANGED = "file-changed"
    FILE_UNLISTED = "file-unlisted"
    FILE_NOT_PRIVATE = "file-not-private"
    """Others than the owner may read it."""
    OTHER_DATABASE = "other-database"
    """Another database wrote it."""
    UNKNOWN_TO_DATABASE = "unknown-to-database"
    """This database wrote it and does not remember it, or the manifest was edited."""
    ROWS_DIFFER = "rows-differ"
    """The memory holds another number of rows."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder against its manifest and the database."""

    faults: tuple[tuple[Fault, str], ...]
    """Fault and file: empty when all is well."""
    number: int | None
    """The delivery in the memory, None when this database does not know it."""
    files: int


def check_folder(database: Database, folder: Path) -> Checked:
    """Verify every file of a delivery. Raises UsageError when the folder is no delivery at all."""
    if not folder.is_dir():
        raise UsageError("delivery.no_folder", folder=folder.name)
    manifest_path = folder / MANIFEST
    if not manifest_path.is_file():
        raise UsageError("delivery.unfinished", folder=folder.name, manifest=MANIFEST)
    raw = manifest_path.read_bytes()
    manifest = read_manifest(raw, folder.name)
    faults: list[tuple[Fault, str]] = []
    for entry in manifest.listed:
        path = folder / entry.name
        if path.parent != folder or path.is_symlink() or not path.is_file():
            faults.append((Fault.FILE_MISSING, entry.name))
            continue
        with path.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != entry.sha256:
                faults.append((Fault.FILE_CHANGED, entry.name))
    names = {entry.name for entry in manifest.listed} | {MANIFEST}
    for path in sorted(folder.iterdir()):
        if path.name not in names:
            faults.append((Fault.FILE_UNLISTED, path.name))
        elif os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            faults.append((Fault.FILE_NOT_PRIVATE, path.name))
    number = _number(database, hashlib.sha256(raw).hexdigest())
    if number is None:
        known = manifest.database == _database_id(database)
        faults.append((Fault.UNKNOWN_TO_DATABASE if known else Fault.OTHER_DATABASE, MANIFEST))
    else:
        kept = database.connection.execute(
            "SELECT count(*) FROM delivery_row WHERE number = $number AND change <> 'withdrawn'", {"number": number}
        ).fetchone()
        if kept is None or kept[0] != sum(entry.rows for entry in manifest.listed if entry.part in _REMEMBERED):
            faults.append((Fault.ROWS_DIFFER, MANIFEST))
    return Checked(tuple(faults), number, len(manifest.listed) + 1)


def mark_sent(database: Database, folder: Path, now: dt.datetime) -> int:
    """Keep that the folder was sent (`now`: UTC without zone); returns the delivery's number. Undone by `unmark_sent`.

    Raises UsageError when the folder is not whole, is unknown here, or is marked already.
    """
    number = _whole(database, folder)
    row = database.connection.execute(
        "SELECT sent_at IS NOT NULL, corrections, period_start, period_end FROM delivery WHERE number = $number",
        {"number": number},
    ).fetchone()
    sent, corrections, start, end = row or (False, False, None, None)
    if sent:
        raise UsageError("delivery.marked_already", folder=folder.name)
    if corrections and not _others_sent(database, number, start, end, later=False):
        raise UsageError("delivery.unsent_before", folder=folder.name)
    _mark(database, number, now)
    return number


def unmark_sent(database: Database, folder: Path) -> int:
    """Undo `mark_sent`; returns the delivery's number. Raises UsageError when it is not marked, or corrected since."""
    number = _whole(database, folder)
    row = database.connection.execute(
        "SELECT sent_at IS NOT NULL, period_start, period_end FROM delivery WHERE number = $number",
        {"number": number},
    ).fetchone()
    sent, start, end = row or (False, None, None)
    if not sent:
        raise UsageError("delivery.not_marked", folder=folder.name)
    if _others_sent(database, number, start, end, later=True):
        raise UsageError("delivery.corrections_sent", folder=folder.name)
    _mark(database, number, None)
    return number


def _whole(database: Database, folder: Path) -> int:
    checked = check_folder(database, folder)
    if any(fault is Fault.OTHER_DATABASE for fault, _ in checked.faults):
        raise UsageError("delivery.other_database", folder=folder.name)
    if checked.faults or checked.number is None:
        told = ", ".join(f"{code} ({file})" for code, file in checked.faults)
        raise UsageError("delivery.not_as_written", folder=folder.name, told=told)
    return checked.number


def _mark(database: Database, number: int, when: dt.datetime | None) -> None:
    connection = database.connection
    connection.begin()
    try:
        connection.execute(
            "UPDATE delivery SET sent_at = $when WHERE number = $number", {"when": when, "number": number}
        )
        note(database, "deliver --mark-sent" if when else "deliver --unmark-sent", {"number": number})
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _number(database: Database, manifest: str) -> int | None:
    row = database.connection.execute(
        "SELECT max(number) FROM delivery WHERE manifest = $manifest", {"manifest": manifest}
    ).fetchone()
    return row[0] if row else None


def _others_sent(database: Database, number: int, start: Any, end: Any, *, later: bool) -> bool:
    row = database.connection.execute(
        "SELECT count(*) FROM delivery WHERE period_start = $start AND period_end = $end AND sent_at IS NOT NULL "
        "AND CASE WHEN $later THEN number > $number AND corrections ELSE number < $number END",
        {"start": start, "end": end, "number": number, "later": later},
    ).fetchone()
    return bool(row and row[0])


def _database_id(database: Database) -> str | None:
    row = database.connection.execute("SELECT value FROM meta WHERE key = 'database_id'").fetchone()
    return row[0] if row else None
