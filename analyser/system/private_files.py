"""Who may read the files that this process makes: while a database is at hand, nobody but their owner.

The database, its log and its overflow hold identifiers, and DuckDB creates them whenever it needs them. A report that
is written meanwhile is none of them: it gets the mode that the user's umask gives.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_OWNER_ALONE = 0o077
_lock = threading.Lock()
_times = 0
_users = 0


def keep_private() -> None:
    """From now on files are for their owner alone, until as many calls of `let_go`."""
    global _times, _users
    with _lock:
        before = os.umask(_OWNER_ALONE)
        if not _times or before != _OWNER_ALONE:  # somebody may have set another one meanwhile
            _users = before
        _times += 1


def let_go() -> None:
    """The end of one `keep_private`; with the last of them the user's own umask holds again."""
    global _times
    with _lock:
        _times -= 1
        if not _times:
            os.umask(_users)


@contextmanager
def private_files() -> Iterator[None]:
    """Files are for their owner alone as long as the context lasts."""
    keep_private()
    try:
        yield
    finally:
        let_go()


def ordinary_mode() -> int:
    """The mode that the user's umask gives to a file, whatever is kept private at the moment."""
    with _lock:
        if _times:
            mask = _users
        else:
            mask = os.umask(_OWNER_ALONE)
            os.umask(mask)
    return 0o666 & ~mask
