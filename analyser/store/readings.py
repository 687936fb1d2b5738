"""Who read of single persons: a row of the audit trail, or a line beside the database where that cannot be written now.

A reading never waits for that, and keeps nobody from writing: a database that another process holds, that is protected
or lies where nothing can be written is left alone. The line is for the owner alone, and names nobody; the next reading
that can be kept in the trail takes it in there.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from analyser.messages.errors import UsageError
from analyser.national.dates import utc_now
from analyser.store.audit import Detail, note, os_user
from analyser.store.database import Database, open_database
from analyser.store.owned import real
from analyser.store.transaction import transaction

_AGAIN = 3


class ReadingKept(StrEnum):
    """Where a reading is kept."""

    TRAIL = "trail"
    BESIDE = "beside"
    """In the file beside the database."""
    NOWHERE = "nowhere"


def beside(path: Path) -> Path:
    """The file of readings that the trail does not hold yet."""
    return path.with_name(f"{path.name}.readings")


def note_reading(path: Path, command: str, detail: Detail) -> ReadingKept:
    """Keep that `command` showed what it showed; counts in `detail`, never identifiers or keys of persons."""
    path = real(path)
    try:
        with open_database(path, write=True, patience=0, unchanged=True) as database:
            _take_in(database, beside(path))
            note(database, command, detail, reading=True)
    except UsageError:
        return ReadingKept.BESIDE if _line(beside(path), command, detail) else ReadingKept.NOWHERE
    return ReadingKept.TRAIL


def waiting(path: Path) -> int:
    """How many readings stand beside the database."""
    with suppress(OSError), _locked(beside(real(path)), os.O_RDONLY) as handle:
        return len(_lines(handle))
    return 0


def _line(file: Path, command: str, detail: Detail) -> bool:
    told = {"at": utc_now().isoformat(), "command": command, "detail": dict(detail), "os_user": os_user()}
    line = json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n"
    try:
        with _locked(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT) as handle:
            os.write(handle, line.encode())
    except OSError:
        return False
    return True


def _take_in(database: Database, file: Path) -> None:
    if not file.exists():
        return
    with suppress(OSError), _locked(file, os.O_RDWR) as handle:
        connection = database.connection
        with transaction(connection):
            for told in _lines(handle):
                at = dt.datetime.fromisoformat(told["at"])
                detail = {**told["detail"], "beside": True}
                note(database, str(told["command"]), detail, reading=True, at=at, user=str(told["os_user"]))
        file.unlink()


def _lines(handle: int) -> list[Mapping[str, Any]]:
    raw = b""
    while some := os.read(handle, 2**20):
        raw += some
    found: list[Mapping[str, Any]] = []
    for line in raw.decode(errors="replace").splitlines():
        with suppress(ValueError, TypeError, KeyError):  # of a disk that was full, half a line
            told = json.loads(line)
            dt.datetime.fromisoformat(told["at"])
            found.append({name: told[name] for name in ("at", "command", "os_user")} | {"detail": {**told["detail"]}})
    return found


@contextmanager
def _locked(file: Path, how: int) -> Iterator[int]:
    """The file, held against others of us, where the system can. Raises OSError."""
    for _ in range(_AGAIN):
        handle = os.open(file, how | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o600)
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise OSError
            _hold(handle)
            if os.fstat(handle).st_nlink:  # else it was taken in meanwhile
                yield handle
                return
        finally:
            os.close(handle)
    raise OSError


def _hold(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # not on this system
        return
    fcntl.flock(handle, fcntl.LOCK_EX)
