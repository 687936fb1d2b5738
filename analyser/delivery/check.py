"""Whether a folder is the delivery that was written, and whether it was sent.

A folder is recognised by the hash of its manifest, and its files by the hashes inside: neither its name nor its place
counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from analyser.delivery.write import MANIFEST, MANIFEST_SCHEMA
from analyser.errors import UsageError
from analyser.store.audit import note
from analyser.store.database import Database


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder against its manifest and the database."""

    faults: tuple[tuple[str, str], ...]
    """(code, file): empty when all is well."""
    number: int | None
    """The delivery in the memory, None when this database does not know it."""
    files: int


def check_folder(database: Database, folder: Path) -> Checked:
    """Verify every file of a delivery. Raises UsageError when the folder is no delivery at all."""
    manifest_path = folder / MANIFEST
    if not manifest_path.is_file():
        raise UsageError(f"‘{folder.name}’ holds no {MANIFEST}: it is no finished delivery", "name its folder")
    raw = manifest_path.read_bytes()
    manifest = _manifest(raw, folder)
    faults: list[tuple[str, str]] = []
    rows = 0
    listed = [*manifest["files"], manifest["covering_note"]]
    for entry in listed:
        path = folder / str(entry["name"])
        if entry.get("part") in ("episodes", "services"):
            rows += int(entry["rows"])
        if path.parent != folder or path.is_symlink() or not path.is_file():
            faults.append(("file-missing", str(entry["name"])))
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            faults.append(("file-changed", path.name))
    names = {str(entry["name"]) for entry in listed} | {MANIFEST}
    for path in sorted(folder.iterdir()):
        if path.name not in names:
            faults.append(("file-unlisted", path.name))
        elif stat.S_IMODE(path.stat().st_mode) & 0o077:
            faults.append(("file-not-private", path.name))
    digest = hashlib.sha256(raw).hexdigest()
    number = _number(database, digest)
    if number is None:
        faults.append(("unknown-to-database", MANIFEST))
    else:
        kept = database.connection.execute(
            "SELECT count(*) FROM delivery_row WHERE number = $number AND change <> 'withdrawn'", {"number": number}
        ).fetchone()
        if kept is None or kept[0] != rows:
            faults.append(("rows-differ", MANIFEST))
    return Checked(tuple(faults), number, len(listed) + 1)


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
        raise UsageError(f"the delivery in ‘{folder.name}’ is marked as sent already", "undo it with --unmark-sent")
    if corrections and not _others_sent(database, number, start, end, later=False):
        raise UsageError(
            f"‘{folder.name}’ holds corrections, and no delivery before it is marked as sent",
            "mark the delivery that it corrects first",
        )
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
        raise UsageError(f"the delivery in ‘{folder.name}’ is not marked as sent", "see: kanta-gap deliver --status")
    if _others_sent(database, number, start, end, later=True):
        raise UsageError(
            f"corrections of the delivery in ‘{folder.name}’ are marked as sent", "undo those with --unmark-sent first"
        )
    _mark(database, number, None)
    return number


def _whole(database: Database, folder: Path) -> int:
    checked = check_folder(database, folder)
    if checked.faults or checked.number is None:
        told = ", ".join(f"{code} ({file})" for code, file in checked.faults)
        raise UsageError(
            f"‘{folder.name}’ is not as this database wrote it: {told}", "see: kanta-gap deliver --check FOLDER"
        )
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


def _manifest(raw: bytes, folder: Path) -> dict[str, Any]:
    wrong = UsageError(f"the {MANIFEST} of ‘{folder.name}’ is not one of kanta-gap", "name the folder of a delivery")
    try:
        manifest = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise wrong from None
    if not isinstance(manifest, dict) or manifest.get("schema") != MANIFEST_SCHEMA:
        raise wrong
    if not isinstance(manifest.get("files"), list) or not isinstance(manifest.get("covering_note"), dict):
        raise wrong
    return manifest
