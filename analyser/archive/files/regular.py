"""Ordinary files, and nothing else that a folder may hold under a file's name."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from analyser.archive.quarantine import Code, Trouble

# Not to wait for a pipe or follow a link that took the file's place; on some systems bytes must be asked for as such.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def open_regular(path: str | Path) -> BinaryIO:
    """Open an ordinary file. Raises Trouble when it cannot be had, or when a link, pipe or device has its place."""
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        raise Trouble(Code.SPECIAL_FILE if error.errno == errno.ELOOP else Code.UNREADABLE) from None
    except ValueError:
        raise Trouble(Code.UNREADABLE) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Trouble(Code.SPECIAL_FILE)
    return os.fdopen(handle, "rb")
