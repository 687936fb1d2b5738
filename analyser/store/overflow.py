"""Where a connection puts what does not fit into memory: a folder of its own beside the database, for its owner alone.

DuckDB's own choice is one folder for each file. Two processes that read the file at once then write over each other's
overflow: both crash, or read what is not theirs.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path

_number = count(1)
_NAMED = r"\.(?:([0-9a-f]{8})-)?(\d+)-\d+\.tmp"
"""How a folder's name goes on after the database's: machine, process, number. Older versions named no machine."""


def overflow(path: Path) -> str:
    """The folder for a new connection to `path`, not made yet: DuckDB makes it when it is needed, and removes it."""
    return f"{path.absolute()}.{_machine()}-{os.getpid()}-{next(_number)}.tmp"


def of_database(folder: str) -> str:
    """Beside which database an overflow lies."""
    return re.sub(_NAMED + "$", "", folder)


def remove_left(path: Path, *, alone: bool) -> None:
    """Remove the overflow that killed processes have left beside `path`: of this machine, and where the file is held
    `alone` of any, whose processes cannot be asked for."""
    if os.name != "posix":  # elsewhere asking for a process may end it
        return
    own = re.compile(re.escape(path.name) + _NAMED)
    with suppress(OSError):
        for entry in os.scandir(path.absolute().parent):
            if (
                (match := own.fullmatch(entry.name))
                and (alone or match[1] == _machine())
                and entry.is_dir(follow_symlinks=False)
                and not lives(match[2])
            ):
                shutil.rmtree(entry.path, ignore_errors=True)


@cache
def _machine() -> str:
    """This machine, by a name that says nothing of it: others may work beside the same database."""
    return sha256(os.uname().nodename.encode()).hexdigest()[:8] if os.name == "posix" else "0" * 8


def lives(process: str) -> bool:
    """Whether a process of that number lives on this machine."""
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
