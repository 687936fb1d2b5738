"""Writes a folder aside, syncs it, and puts it in its place at last, so that a half never looks whole.

Files are for their owner alone: mode 0600 in a folder of mode 0700.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from analyser.messages.errors import UsageError
from analyser.system.file_names import is_ordinary

MANIFEST, NOTE, REJECTED = "manifest.json", "covering-note.txt", "rejected.csv"
"""Files that every delivery may hold beside its profile's own."""
MARK = "UNFINISHED"
"""A file that stands in a folder until all others are written."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def is_file_name(name: str) -> bool:
    """Whether a profile may give a file this name: plain everywhere, and none of those that a delivery itself uses."""
    own = {own.casefold() for own in (MANIFEST, NOTE, REJECTED, MARK)}
    return bool(_PLAIN.fullmatch(name)) and is_ordinary(name) and name.casefold() not in own


def assert_free(out: Path) -> None:
    """Refuse a target that exists, were it empty, and one that lies nowhere. Raises UsageError."""
    if out.is_symlink() or out.exists():
        raise UsageError("delivery.folder_exists", folder=out.name)
    if not out.name or not out.parent.is_dir():
        raise UsageError("delivery.no_parent", folder=out.name)


def put_folder(out: Path, files: Mapping[str, bytes], last: str) -> None:
    """Write `files` into the new folder `out`; the file named `last` is written after all others.

    What a killed run left aside is removed first. Raises UsageError when something else stands in its place, and
    OSError when the disk takes no more: then nothing of it stays.
    """
    aside = out.parent / f".{out.name}.unfinished"
    if aside.is_symlink() or aside.exists():
        if aside.is_symlink() or not _is_ours(aside, last):
            raise UsageError("delivery.not_ours", folder=aside.name)
        shutil.rmtree(aside)
    aside.mkdir(mode=0o700)
    placed = False
    try:
        _put(aside / MARK, b"This folder was not finished. Delete it.\n")
        for name in sorted(files, key=lambda name: (name == last, name)):
            _put(aside / name, files[name])
        (aside / MARK).unlink()
        _sync(aside)
        assert_free(out)
        aside.rename(out)
        placed = True
        _sync(out.parent)
    except BaseException:
        shutil.rmtree(out if placed else aside, ignore_errors=True)
        raise


def _is_ours(aside: Path, last: str) -> bool:
    """A run may be killed before the mark stands, while it stands, and after it went."""
    if not aside.is_dir():
        return False
    names = {path.name for path in aside.iterdir()}
    return not names or bool(names & {MARK, last})


def _put(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened to be synced
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
