"""The audit trail: every write to the database, every reading of single persons and every reveal of identifiers leaves
a row, and no row can go unseen.

A row tells when, what, counts and hashes, and which user of the operating system; never an identifier or a path. Rows
are chained: each carries a hash over itself and the row before it. That tells of rows that were changed or taken out of
the middle by hand. How many rows there are, and the chain of the last one, stand outside the table too and are told by
every command that writes: rows taken off the end are missed, and whoever noted what a command told last can tell
a whole new chain from the old one. Nothing here stops somebody who may write the file from writing one.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from analyser.messages.errors import UsageError
from analyser.messages.notices import end_of_trail
from analyser.national.dates import utc_now
from analyser.store.database import Database, open_database
from analyser.store.first_row import first_row

Detail = Mapping[str, int | str | bool | None]
_COLUMNS = ("number", "happened_at", "command", "detail", "os_user")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row of the trail."""

    number: int
    happened_at: dt.datetime
    """UTC."""
    command: str
    detail: Mapping[str, Any]
    """Counts and hashes."""
    os_user: str
    sound: bool
    """Whether its hash fits the row and the row before it; rows from before the chain are taken as they are."""


def note(
    database: Database,
    command: str,
    detail: Detail,
    *,
    reading: bool = False,
    at: dt.datetime | None = None,
    user: str | None = None,
) -> None:
    """Keep that `command` ran, with counts and hashes in `detail`; never identifiers or paths.

    `reading`: it changed nothing. `at` (UTC) and `user`: of what happened before, when it could not be kept.
    """
    connection = database.connection
    row = first_row(
        connection.execute(
            "SELECT max(number), coalesce(max_by(chain, number), '') FROM audit WHERE number IS NOT NULL"
        )
    )
    last, before = (row[0] or 0, row[1] or "") if row else (0, "")
    kept, end = _end(database)
    if kept > last:  # rows were taken off the end: the next one says so by its number
        last, before = kept, end
    values = {
        "number": last + 1,
        "happened_at": at or utc_now(),
        "command": command,
        "detail": json.dumps(dict(detail), sort_keys=True, ensure_ascii=False),
        "os_user": user or os_user(),
    }
    chain = _chained(before, values)
    connection.execute(
        "INSERT INTO audit BY NAME SELECT $number::INTEGER AS number, $happened_at::TIMESTAMP_S AS happened_at, "
        "$command AS command, $detail AS detail, $os_user AS os_user, $chain AS chain",
        values | {"chain": chain},
    )
    connection.execute(
        "INSERT OR REPLACE INTO meta VALUES ('trail_rows', $rows), ('trail_last', $chain)",
        {"rows": str(last + 1), "chain": chain},
    )
    end_of_trail(last + 1, chain, written=not reading)


def note_reveal(path: Path, command: str, detail: Detail) -> None:
    """Keep that identifiers are about to be shown. Raises UsageError when that cannot be kept: then show nothing."""
    try:
        with open_database(path, write=True, unchanged=True) as database:
            note(database, command, detail)
    except UsageError as error:
        raise UsageError("store.no_trail", hint=error.remedy, told=error.what) from None


def trail(database: Database) -> list[AuditEntry]:
    """The whole trail, oldest first."""
    rows = database.connection.execute(
        "SELECT number, happened_at, command, detail, os_user, chain FROM audit ORDER BY number"
    ).fetchall()
    entries = []
    before, expected = "", 1
    for *values, chain in rows:
        row = dict(zip(_COLUMNS, values, strict=True))
        fits = not before if chain is None else chain == _chained(before, row)
        entries.append(
            AuditEntry(**row | {"detail": json.loads(row["detail"])}, sound=fits and row["number"] == expected)
        )
        before, expected = chain or "", row["number"] + 1
    return entries


def missing(database: Database) -> int:
    """How many rows are missing at the end of the trail; -1 when its last row is not the one that was written last."""
    row = first_row(database.connection.execute("SELECT max(number), max_by(chain, number) FROM audit"))
    last, chain = (row[0] or 0, row[1] or "") if row else (0, "")
    kept, end = _end(database)
    return kept - last if kept > last else (0 if (kept, end) == (last, chain) else -1)


def _end(database: Database) -> tuple[int, str]:
    """Rows of the trail and the chain of the last one, as they are kept outside of it."""
    kept = dict(
        database.connection.execute("SELECT key, value FROM meta WHERE key IN ('trail_rows', 'trail_last')").fetchall()
    )
    return int(kept.get("trail_rows", "0")), kept.get("trail_last", "")


def _chained(before: str, row: Mapping[str, object]) -> str:
    told = [before, *(str(row[name]) for name in _COLUMNS)]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def os_user() -> str:
    """Who runs the process, by the operating system and not by the environment, which anybody can set."""
    try:
        if hasattr(os, "getuid"):
            import pwd

            return pwd.getpwuid(os.getuid()).pw_name
        return getpass.getuser()
    except (OSError, KeyError):  # a container without an entry for its user
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"
