"""Where a connection puts what does not fit into memory: a folder of its own beside the database, for its owner alone.

DuckDB's own choice is one folder for each file. Two processes that read the file at once then write over each other's
overflow: both crash, or read what is not theirs.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path

_number = count(1)


def overflow(path: Path) -> str:
    """The folder for a new connection to `path`, not made yet: DuckDB makes it when it is needed, and removes it."""
    return f"{path.absolute()}.{os.getpid()}-{next(_number)}.tmp"


def remove_left(path: Path) -> None:
    """Remove the overflow that killed processes of this machine have left beside `path`."""
    if os.name != "posix":  # elsewhere asking for a process may end it
        return
    own = re.compile(re.escape(path.name) + r"\.(\d+)-\d+\.tmp")
    with suppress(OSError):
        for entry in os.scandir(path.absolute().parent):
            if (match := own.fullmatch(entry.name)) and entry.is_dir(follow_symlinks=False) and not lives(match[1]):
                shutil.rmtree(entry.path, ignore_errors=True)


def lives(process: str) -> bool:
    """Whether a process of that number lives on this machine."""
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
