"""Writes a folder aside, syncs it, and puts it in its place at last, so that a half never looks whole.

Files are for their owner alone: mode 0600 in a folder of mode 0700.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from analyser.errors import UsageError

_MARK = "UNFINISHED"


def assert_free(out: Path) -> None:
    """Refuse a target that exists with anything in it, is no folder, or lies nowhere. Raises UsageError."""
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise UsageError(f"the folder ‘{out.name}’ exists and is not empty", "name a new folder with --out")
    if not out.name or not out.parent.is_dir():
        raise UsageError(f"the folder above ‘{out.name}’ does not exist", "create it, or name another with --out")


def put_folder(out: Path, files: Mapping[str, bytes], last: str) -> None:
    """Write `files` into the new folder `out`; the file named `last` is written after all others.

    What a killed run left aside is removed first. Raises UsageError when something else stands in its place.
    """
    aside = out.parent / f".{out.name}.unfinished"
    if aside.is_symlink() or aside.exists():
        if aside.is_symlink() or not (aside / _MARK).is_file():
            raise UsageError(f"‘{aside.name}’ stands beside the target and is not ours", "move it away")
        shutil.rmtree(aside)
    aside.mkdir(mode=0o700)
    try:
        _put(aside / _MARK, b"This delivery was not finished. Delete the folder.\n")
        for name in sorted(files, key=lambda name: (name == last, name)):
            _put(aside / name, files[name])
        (aside / _MARK).unlink()
        _sync(aside)
        if out.exists():
            out.rmdir()
        aside.rename(out)
        _sync(out.parent)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


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
