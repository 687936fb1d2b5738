"""What is done to files before and after DuckDB has them: only what is ours is opened, written, replaced or removed.

A database is a regular file that begins as DuckDB's files begin. A device, a pipe, a folder, an empty or a foreign file
is refused in words and stays as it is. A new database is made whole under another name and then given its own, so that
nothing half made ever stands under the name of a database, and nothing there ever needs to be removed.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from analyser.messages.errors import UsageError
from analyser.messages.notices import notice
from analyser.store.overflow import lives, remove_left

PARTS = ("", ".wal", ".wal.checkpoint", ".wal.recovery")
"""The files of one database: itself, its log, and what its log becomes for moments."""
_HEAD = 12
_MAGIC = b"DUCK"
"""At the eighth byte of DuckDB's files, plain or encrypted."""
_OTHERS = 0o077


def real(path: Path) -> Path:
    """The file that the name leads to: what is written anew or put in place is that file, and never a link to it."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def assert_ours(path: Path) -> bool:
    """Whether there is a file. Raises UsageError when what is there cannot be a database of ours."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UsageError("store.cannot_look", file=path.name, told=error.strerror or "–") from None
    if stat.S_ISDIR(found.st_mode):
        raise UsageError("store.a_folder", file=path.name)
    if not stat.S_ISREG(found.st_mode):
        raise UsageError("store.no_regular_file", file=path.name)
    if not found.st_size:
        raise UsageError("store.empty_file", file=path.name)
    try:
        with path.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError as error:
        raise UsageError("store.cannot_look", file=path.name, told=error.strerror or "–") from None
    if not is_database(head):
        raise UsageError("store.foreign", file=path.name)
    return True


def is_database(head: bytes) -> bool:
    """Whether a file with these first bytes, twelve or more, is one of DuckDB's: eight of a checksum come first."""
    return head[8:_HEAD] == _MAGIC


def assert_one_name(path: Path) -> None:
    """Raise UsageError when the file has a second name: whatever takes its place, that one would keep the old bytes."""
    if path.stat().st_nlink > 1:
        raise UsageError("store.hard_link", file=path.name, names=path.stat().st_nlink)


def assert_writable(path: Path) -> None:
    """Raise UsageError when the owner has protected the file from being written, which would not stop root; and where
    its log could not lie beside it, which DuckDB would tell only when something is to be kept."""
    if not path.stat().st_mode & stat.S_IWUSR:
        raise UsageError("store.write_protected", file=path.name)
    if not os.access(path.absolute().parent, os.W_OK | os.X_OK):
        raise UsageError("store.folder_protected", file=path.name)


def assert_nameable(path: Path) -> None:
    """Raise UsageError for a path in which DuckDB takes what follows a `?` for no part of the name: it would write the
    log to another place."""
    if "?" in str(path.absolute()):
        raise UsageError("store.question_mark", file=path.name)


def keep_from_others(path: Path) -> None:
    """A database and its log that others may read are set to 0600 (0400 when protected), and that is told."""
    if os.name != "posix":
        return
    for part in PARTS[:2]:
        file = path.with_name(path.name + part)
        with suppress(FileNotFoundError):  # a log comes and goes
            found = file.stat()
            if not stat.S_IMODE(found.st_mode) & _OTHERS:
                continue
            protected = not found.st_mode & stat.S_IWUSR
            if found.st_uid == os.geteuid():
                file.chmod(0o400 if protected else 0o600)
            mended = not stat.S_IMODE(file.stat().st_mode) & _OTHERS
            told = "is_open" if not mended else "was_open_protected" if protected else "was_open"
            notice(f"narration.database.{told}", file=file.name)


def aside(path: Path) -> Path:
    """Where a database is written anew before it takes its place."""
    return path.with_name(f".{path.name}.rewriting")


def unborn(path: Path) -> Path:
    """Where a new database is made before it has its name."""
    return path.with_name(f".{path.name}.creating-{os.getpid()}")


def remove_parts(path: Path) -> None:
    """Remove a file of ours with its log."""
    for part in reversed(PARTS):
        path.with_name(path.name + part).unlink(missing_ok=True)


def give_name(made: Path, path: Path) -> None:
    """Give a database that was made its own name, unless another process was first; nothing is ever replaced."""
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        if not path.exists():
            made.rename(path)
    remove_parts(made)
    sync_folder(path)


def sync_file(path: Path) -> None:
    """Let what was written to a file outlast a power cut. Some systems sync only what is open for writing."""
    with path.open("rb+") as opened:
        os.fsync(opened.fileno())


def sync_folder(path: Path) -> None:
    """Let the new name of a file outlast a power cut, where the system can promise that."""
    if os.name != "posix":
        return
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems do not know it
            os.fsync(handle)
    finally:
        os.close(handle)


def remove_leftovers(path: Path) -> None:
    """Remove what killed processes have left beside `path`. Only for whoever holds the file: nobody rewrites it now."""
    remove_left(path, alone=True)
    remove_parts(aside(path))
    if os.name != "posix":
        return
    own = re.compile(rf"\.{re.escape(path.name)}\.creating-(\d+)({'|'.join(map(re.escape, PARTS))})")
    with suppress(OSError):
        for entry in os.scandir(path.absolute().parent):
            if (match := own.fullmatch(entry.name)) and not lives(match[1]):
                Path(entry.path).unlink(missing_ok=True)
