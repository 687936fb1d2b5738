"""Containers inside containers that are too large for memory: they go through a file in the private overflow folder.

Such a file is its owner's alone, and loses its name as soon as whoever reads it has opened it. What a killed run leaves
lies in a folder that the next command removes (store/overflow.py).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from analyser.archive.files.regular import open_regular
from analyser.archive.quarantine import Code, Trouble

HELD = 16 * 2**20
"""Bytes of a container inside a container that are held in memory; larger ones go through a file."""


class Spilled(NamedTuple):
    """A container's bytes in a file."""

    path: str
    size: int
    own: bool = True
    """Made here, and to be removed; else it is a file of the source."""

    def open(self) -> BinaryIO:
        """Its bytes. Raises Trouble."""
        file = open_regular(self.path)
        if self.own and os.name == "posix":
            self.remove()
        return file

    def head(self, count: int) -> bytes:
        """Its first bytes. Raises Trouble."""
        with open_regular(self.path) as file:
            return file.read(count)

    def remove(self) -> None:
        """Remove it, if it was made here."""
        if self.own:
            with suppress(OSError):
                Path(self.path).unlink()


Data = bytes | Spilled
"""A member's bytes, in memory or in a file."""


def size_of(data: Data) -> int:
    """How many bytes they are."""
    return data.size if isinstance(data, Spilled) else len(data)


def spilled(parts: Iterable[bytes], folder: Path | None) -> Spilled:
    """Write the parts to a file of their own. Raises Trouble, and then leaves nothing."""
    try:
        if folder is not None:
            folder.mkdir(mode=0o700, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder)
    except OSError:
        raise Trouble(Code.TOO_MUCH_MEMORY, "overflow folder") from None
    size = 0
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:
            for part in parts:
                size += file.write(part)
    except OSError:
        Spilled(path, size).remove()
        raise Trouble(Code.TOO_MUCH_MEMORY, "overflow folder") from None
    except BaseException:
        Spilled(path, size).remove()
        raise
    return Spilled(path, size)
