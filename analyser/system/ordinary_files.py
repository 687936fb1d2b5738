"""Text files that a user names or puts into a folder: ordinary files are read, and nothing else is waited for."""

from __future__ import annotations

import os
import stat
from pathlib import Path

# A pipe without a writer would be waited for; on some systems bytes must be asked for as such.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NoOrdinaryFileError(OSError):
    """What has the name of a file is a pipe, a device, a socket or a folder."""


def ordinary_text(path: Path, encoding: str = "utf-8") -> str:
    """The text of an ordinary file, also behind a link. Raises NoOrdinaryFileError, OSError or UnicodeDecodeError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise NoOrdinaryFileError
    with os.fdopen(os.open(path, _FLAGS), encoding=encoding) as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):  # something else has taken its place
            raise NoOrdinaryFileError
        return opened.read()
