"""What is kept beside a database between two questions: where it lies, of which state it is true, and how it ends.

Every opening for writing gives the database a new state, before anything is written, and removes what was kept: no name
of a state stands for two contents. Who reads holds the file against whoever would write, so that nothing is kept of a
state that is passing. What tells of readings and of what was seen changes no answer (`queries/model/` reads of it what
is asked anew each time), and leaves the state as it is.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from pathlib import Path

import duckdb

from analyser.messages.errors import UsageError
from analyser.store.first_row import first_row

UNCHANGING = ("audit", "remembered_run", "remembered_row")
"""Tables that may be written while the state stays; beside them the end of the trail in `meta`."""

MODEL, ANSWERS, RULES = ".duckdb", ".answers", ".rules"
"""How files with a model end, those with answers read off one, and those with what rules counted in it."""


def folder(path: Path) -> Path:
    """Where it lies, for the owner alone. Beside the database and named after it, so that both are seen to belong
    together."""
    return path.with_name(f"{path.name}.kept")


def renew(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the database in use a state that no database ever had."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('state', $state)", {"state": secrets.token_hex(16)})


def state_of(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The state of the database in use; None of one that was not written since states have names."""
    row = first_row(connection.execute("SELECT value FROM meta WHERE key = 'state'"))
    return None if row is None else str(row[0])


def remove(path: Path) -> None:
    """Remove what is kept beside the database at `path`. Raises UsageError when something is left."""
    place = folder(path)
    try:
        if place.is_symlink() or not place.is_dir():
            place.unlink(missing_ok=True)
        else:
            shutil.rmtree(place)
    except FileNotFoundError:
        pass  # another reader has made room in it meanwhile
    except OSError as error:
        raise UsageError("store.kept_left", file=place.name, told=error.strerror or "–") from None


def files(path: Path) -> list[Path]:
    """The models that are kept beside the database, the newest first; none where the folder is not ours alone."""
    return [file for file in everything(path) if file.suffix == MODEL]


def everything(path: Path) -> list[Path]:
    """All that is kept beside the database, the newest first; none as above."""
    place = folder(path)
    if not is_ours(place):
        return []
    dated = []
    for file in (found for kind in (MODEL, ANSWERS, RULES) for found in place.glob(f"*{kind}")):
        try:
            dated.append((-file.stat().st_mtime_ns, file.name, file))
        except FileNotFoundError:  # another reader has made room
            continue
    return [file for _, _, file in sorted(dated)]


def size(path: Path) -> int:
    """Bytes of what is kept beside the database."""
    total = 0
    for file in everything(path):
        try:
            total += file.stat().st_size
        except FileNotFoundError:
            continue
    return total


def is_ours(place: Path) -> bool:
    """Whether it is a folder that nobody else could have put anything into."""
    try:
        found = place.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    return os.name != "posix" or (found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077)
