"""The bytes of an ordinary file, when it is still the one that was listed."""

from __future__ import annotations

import os

from analyser.archive.files.containers import is_container
from analyser.archive.files.regular import open_regular
from analyser.archive.files.spill import HELD, Data, Spilled
from analyser.archive.quarantine import Code, Trouble
from analyser.system.limits import Limits

_BUFFER = 65_536


def listed_bytes(path: str, size: int, mtime_ns: int | None, limits: Limits) -> Data:
    """The bytes of a file of this size and time; a large container stays where it is. Raises Trouble."""
    most = max(limits.document_bytes, limits.nested_bytes)
    if size > most:
        raise Trouble(Code.TOO_LARGE)
    parts: list[bytes] = []
    with open_regular(path) as file:
        handle = file.fileno()
        left = most
        try:
            while part := os.read(handle, _BUFFER):
                if not parts and not is_container(part):
                    left = limits.document_bytes
                elif not parts and size > HELD:
                    break
                parts.append(part)
                left -= len(part)
                if left < 0:
                    raise Trouble(Code.TOO_LARGE)
            found = os.fstat(handle)
        except OSError:
            raise Trouble(Code.UNREADABLE) from None
    if (found.st_size, found.st_mtime_ns) != (size, mtime_ns):
        raise Trouble(Code.CHANGED)
    if not parts and size > HELD:
        return Spilled(path, size, own=False)
    return parts[0] if len(parts) == 1 else b"".join(parts)
