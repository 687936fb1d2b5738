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

from analyser.coverage.statements import step
from analyser.delivery.folder import MANIFEST
from analyser.delivery.manifest import read_manifest
from analyser.delivery.profile import Part
from analyser.messages.errors import UsageError
from analyser.store.audit import note, os_user
from analyser.store.database import Database, execute_all
from analyser.store.first_row import first_row
from analyser.store.transaction import transaction

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
        known = manifest.database == database_id(database)
        faults.append((Fault.UNKNOWN_TO_DATABASE if known else Fault.OTHER_DATABASE, MANIFEST))
    else:
        kept = first_row(
            database.connection.execute(
                "SELECT count(*) FROM delivery_row WHERE number = $number AND change <> 'withdrawn'", {"number": number}
            )
        )
        if kept is None or kept[0] != sum(entry.rows for entry in manifest.listed if entry.part in _REMEMBERED):
            faults.append((Fault.ROWS_DIFFER, MANIFEST))
    return Checked(tuple(faults), number, len(manifest.listed) + 1)


def mark_sent(database: Database, folder: Path, now: dt.datetime) -> int:
    """Keep that the folder was sent (`now`: UTC without zone); returns the delivery's number. Undone by `unmark_sent`.

    Raises UsageError when the folder is not whole, is unknown here, or is marked already.
    """
    number = whole(database, folder)
    if standing(database, number).sent_at is not None:
        raise UsageError("delivery.marked_already", folder=folder.name)
    assert_in_turn(database, number, folder)
    _mark(database, number, now)
    return number


def unmark_sent(database: Database, folder: Path) -> int:
    """Undo `mark_sent`; returns the delivery's number. Raises UsageError when it is not marked, or corrected since."""
    number = whole(database, folder)
    if standing(database, number).sent_at is None:
        raise UsageError("delivery.not_marked", folder=folder.name)
    if _others_sent(database, number, later=True):
        raise UsageError("delivery.corrections_sent", folder=folder.name)
    _mark(database, number, None)
    return number


@dataclass(frozen=True, slots=True)
class DeliveryStanding:
    """What is known of one delivery by now."""

    written_at: dt.datetime
    """UTC."""
    sent_at: dt.datetime | None
    corrections: bool
    rows: int
    """Rows that its files hold, those to be withdrawn among them."""
    adopted: bool


def standing(database: Database, number: int) -> DeliveryStanding:
    """The delivery with that number."""
    row = first_row(
        database.connection.execute(
            "SELECT written_at, sent_at, corrections, "
            "(SELECT count(*) FROM delivery_row WHERE delivery_row.number = $number), adopted_at IS NOT NULL "
            "FROM delivery WHERE number = $number",
            {"number": number},
        )
    )
    assert row is not None
    return DeliveryStanding(*row)


def assert_in_turn(database: Database, number: int, folder: Path) -> None:
    """Raise UsageError when these are corrections, and no delivery before them is marked as sent."""
    if standing(database, number).corrections and not _others_sent(database, number, later=False):
        raise UsageError("delivery.unsent_before", folder=folder.name)


def whole(database: Database, folder: Path) -> int:
    """The number of the delivery in the folder. Raises UsageError when it is not as this database knows it."""
    checked = check_folder(database, folder)
    if any(fault is Fault.OTHER_DATABASE for fault, _ in checked.faults):
        raise UsageError("delivery.other_database", folder=folder.name)
    if checked.faults or checked.number is None:
        told = ", ".join(f"{code} ({file})" for code, file in checked.faults)
        raise UsageError("delivery.not_as_written", folder=folder.name, told=told)
    return checked.number


def _mark(database: Database, number: int, when: dt.datetime | None) -> None:
    connection = database.connection
    with transaction(connection):
        put_mark(database, number, when)
        note(database, "deliver --mark-sent" if when else "deliver --unmark-sent", {"number": number})


def put_mark(database: Database, number: int, when: dt.datetime | None) -> None:
    """Mark the delivery as sent, or take the mark away with what was answered to it; in the caller's transaction."""
    connection = database.connection
    connection.execute(
        "UPDATE delivery SET sent_at = $when, sent_by = CASE WHEN $when IS NOT NULL THEN $user END "
        "WHERE number = $number",
        {"when": when, "user": os_user(), "number": number},
    )
    if when is None:
        for table in ("delivery_receipt", "delivery_returned"):
            connection.execute(f"DELETE FROM {table} WHERE number = $number", {"number": number})  # noqa: S608


def _number(database: Database, manifest: str) -> int | None:
    row = first_row(
        database.connection.execute(
            "SELECT max(number) FROM delivery WHERE manifest = $manifest", {"manifest": manifest}
        )
    )
    return row[0] if row else None


def _others_sent(database: Database, number: int, *, later: bool) -> bool:
    """Whether another delivery of the same period is marked: a later one of corrections, or any earlier one."""
    connection = database.connection
    execute_all(connection, step("05-periods"), {})
    row = first_row(connection.execute(step("others-sent"), {"number": number, "later": later}))
    return bool(row and row[0])


def database_id(database: Database) -> str | None:
    """What manifests call this database: random, and not secret."""
    row = first_row(database.connection.execute("SELECT value FROM meta WHERE key = 'database_id'"))
    return row[0] if row else None
