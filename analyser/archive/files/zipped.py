"""Members of zip files at their places: checked by size and CRC, and by what lies between them and what follows."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

try:
    # The same as zlib, twice as fast on the processors that it knows.
    from isal import isal_zlib as fast_zlib
except ImportError:
    import zlib as fast_zlib  # type: ignore[no-redef]

from analyser.archive.files.regular import open_regular
from analyser.archive.files.spill import Spilled, spilled
from analyser.archive.quarantine import Code, Trouble
from analyser.system.limits import Limits

if TYPE_CHECKING:
    from analyser.archive.files.zips import ZipEntry

ZIP = b"PK\x03\x04"
LOCAL = struct.Struct("<4s5H3L2H")
"""What stands before a member, but for its name and extra field."""
STORED, DEFLATED = 0, 8
_DESCRIBED, _BEHIND = 0x8, b"PK\x07\x08"
_REFUSED = cast(type[Exception], fast_zlib.error)
# Bytes of a zip file that are read at once.
PIECE = 2**18


class ZipPlace(NamedTuple):
    """Where a member lies in a zip file, as its directory says."""

    path: str
    offset: int
    compressed: int
    size: int
    crc: int
    method: int
    flags: int
    ends: int


def read_zip_member(place: ZipPlace, limits: Limits) -> tuple[bytes, str | None]:
    """Bytes of a member at its place in a zip file, checked by size and CRC. Raises Trouble.

    Also the place of bytes between it and the next member that are no member's.
    """
    path, offset, compressed, size, crc, method, flags, ends = place
    if size > max(limits.document_bytes, limits.nested_bytes):
        raise Trouble(Code.TOO_LARGE)
    return _checked(_open(path), offset, compressed, size, crc, method, flags, ends)


def spilled_zip_member(place: ZipPlace, folder: Path | None) -> tuple[Spilled, str | None]:
    """The same of a large container, through a file."""
    path, offset, compressed, size, crc, method, flags, ends = place
    return _spilled(_open(path), offset, compressed, size, crc, method, flags, ends, folder)


def spilled_member(file: BinaryIO, entry: ZipEntry, folder: Path | None) -> tuple[Spilled, str | None]:
    """The same of a zip that is open."""
    _, offset, compressed, size, crc, method, flags, _, ends = entry
    return _spilled(InFile(file), offset, compressed, size, crc, method, flags, ends, folder)


def zip_member(file: BinaryIO, entry: ZipEntry) -> tuple[bytes, str | None]:
    """The same of a zip that is open."""
    _, offset, compressed, size, crc, method, flags, _, ends = entry
    return _checked(InFile(file), offset, compressed, size, crc, method, flags, ends)


def _checked(
    source: _Opened | InFile, offset: int, compressed: int, size: int, crc: int, method: int, flags: int, ends: int
) -> tuple[bytes, str | None]:
    begins = _begins(source, offset, compressed, size)
    packed = source.read(begins, compressed)
    if len(packed) < compressed:
        raise Trouble(Code.BAD_CONTAINER)
    if method == STORED:
        data = packed
    elif method == DEFLATED:
        data = _inflated(packed, size)
    else:
        raise Trouble(Code.UNSUPPORTED_COMPRESSION, f"compression method {method}")
    if len(data) != size or fast_zlib.crc32(data) != crc:
        raise Trouble(Code.BAD_CONTAINER)
    end = begins + compressed
    return data, None if end == ends else stray_behind(source, end, ends, flags, crc)


def _begins(source: _Opened | InFile, offset: int, compressed: int, size: int) -> int:
    """Where a member's bytes begin. Raises Trouble when it is not where its directory says."""
    # Deflated data are hardly larger than the plain ones; whoever says otherwise wants memory.
    if not 0 <= offset <= source.length or not 0 <= compressed <= size + size // 1000 + 1000:
        raise Trouble(Code.BAD_CONTAINER)
    header = source.read(offset, LOCAL.size)
    if len(header) < LOCAL.size or not header.startswith(ZIP):
        raise Trouble(Code.BAD_CONTAINER)
    *_, name_length, extra_length = LOCAL.unpack(header)
    return int(offset + LOCAL.size + name_length + extra_length)


def _spilled(
    source: _Opened | InFile,
    offset: int,
    compressed: int,
    size: int,
    crc: int,
    method: int,
    flags: int,
    ends: int,
    folder: Path | None,
) -> tuple[Spilled, str | None]:
    begins = _begins(source, offset, compressed, size)
    if method not in (STORED, DEFLATED):
        raise Trouble(Code.UNSUPPORTED_COMPRESSION, f"compression method {method}")
    held = spilled(_pieces(source, begins, compressed, size, crc, deflated=method == DEFLATED), folder)
    try:
        end = begins + compressed
        return held, None if end == ends else stray_behind(source, end, ends, flags, crc)
    except Trouble:
        held.remove()
        raise


def _pieces(
    source: _Opened | InFile, begins: int, compressed: int, size: int, crc: int, *, deflated: bool
) -> Iterator[bytes]:
    """A member's bytes a piece at a time. Raises Trouble at the end when they are not what the directory says."""
    inflate = zlib.decompressobj(-15)
    seen = given = at = 0
    while at < compressed:
        packed = source.read(begins + at, min(PIECE, compressed - at))
        if not packed:
            break
        at += len(packed)
        while packed:
            try:
                data = inflate.decompress(packed, PIECE) if deflated else packed
            except zlib.error:
                raise Trouble(Code.BAD_CONTAINER) from None
            packed = inflate.unconsumed_tail if deflated else b""
            given += len(data)
            if given > size:
                raise Trouble(Code.BAD_CONTAINER)
            seen = fast_zlib.crc32(data, seen)
            yield data
    if deflated and (rest := inflate.flush()):
        given += len(rest)
        seen = fast_zlib.crc32(rest, seen)
        yield rest
    if given != size or seen != crc:
        raise Trouble(Code.BAD_CONTAINER)


def stray_behind(source: _Opened | InFile, end: int, ends: int, flags: int, crc: int) -> str | None:
    """The place of bytes between a member and what follows it that are neither zeros nor its own. Raises Trouble."""
    if end > ends:
        raise Trouble(Code.OVERLAPPING_MEMBER)
    own = 0
    if flags & _DESCRIBED:
        behind = source.read(end, 24)
        own = 4 if behind.startswith(_BEHIND) else 0
        if behind[own : own + 4] == crc.to_bytes(4, "little"):
            # Its two sizes have four or eight bytes each; an end that fits tells which.
            own += 20 if end + own + 20 == ends else 12
        own = min(own, ends - end)
    stray = not_zero(source, end + own, ends)
    return None if stray is None else f"byte {stray}"


def not_zero(source: _Opened | InFile, start: int, end: int) -> int | None:
    """The first place between these two where no zero is."""
    while start < end and (piece := source.read(start, min(PIECE, end - start))):
        rest = piece.lstrip(b"\0")
        if rest:
            return start + len(piece) - len(rest)
        start += len(piece)
    return None


def _inflated(packed: bytes, size: int) -> bytes:
    """The plain bytes, and no more than one beyond their size. What the fast library refuses, the usual one judges."""
    try:
        data: bytes = fast_zlib.decompressobj(-15).decompress(packed, size + 1)
        if len(data) == size:
            return data
    except _REFUSED:
        pass
    try:
        return zlib.decompressobj(-15).decompress(packed, size + 1)
    except zlib.error:
        raise Trouble(Code.BAD_CONTAINER) from None


class InFile:
    """A zip in a file that is open, or in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.length = file.seek(0, io.SEEK_END)

    def read(self, offset: int, count: int) -> bytes:
        """`count` bytes from `offset`; fewer at the end."""
        self._file.seek(offset)
        return self._file.read(count)


class _Opened:
    """A zip file whose members are read one after another: it is read in large pieces, kept for the next one."""

    def __init__(self, path: str) -> None:
        with open_regular(path) as file:
            self._handle = os.dup(file.fileno())
        self.length = os.fstat(self._handle).st_size
        self._start = 0
        self._piece = b""

    def read(self, offset: int, count: int) -> bytes:
        """`count` bytes from `offset`; fewer where the file ends. Raises Trouble."""
        within = offset - self._start
        if within >= 0 and within + count <= len(self._piece):
            return self._piece[within : within + count]
        if count > PIECE // 4:
            return self._read(offset, count)
        self._start, self._piece = offset, self._read(offset, PIECE)
        return self._piece[:count]

    def _read(self, offset: int, count: int) -> bytes:
        try:
            os.lseek(self._handle, offset, os.SEEK_SET)
            data = os.read(self._handle, count)
            while len(data) < count and (part := os.read(self._handle, count - len(data))):
                data += part
        except OSError:
            raise Trouble(Code.UNREADABLE) from None
        return data

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)


_opened: dict[str, _Opened] = {}


def _open(path: str) -> _Opened:
    """The open file. One file is open at a time."""
    if path not in _opened:
        close_zip()
        _opened[path] = _Opened(path)
    return _opened[path]


def close_zip() -> None:
    """Close the zip file that was read last: the next shard may find another one under its name."""
    for opened in _opened.values():
        opened.close()
    _opened.clear()
