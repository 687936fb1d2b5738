"""Zip files: their directory, gone through without being held in memory, and their members, checked by size and CRC.

The standard library keeps some 0.7 kB for each member of a directory, so that a county's archive in one zip takes a
gigabyte before its first document is read. Here a directory is read twice from the file, in pieces: once to judge it
as a whole, and once to give its entries.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

try:
    # The same as zlib, twice as fast on the processors that it knows.
    from isal import isal_zlib as fast_zlib
except ImportError:
    import zlib as fast_zlib  # type: ignore[no-redef]

from analyser.archive.quarantine import Code, Trouble
from analyser.archive.regular import open_regular
from analyser.limits import Limits

ZIP, EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s2B5H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY, _EOCD, _EOCD64, _LOCATED = b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_STORED, _DEFLATED = 0, 8
# The newest way of writing zips that is understood, in tenths: what comes after may mean anything.
_NEWEST = 63
_ENCRYPTED, _UTF_8 = 0x1, 0x800
_IN_EXTRA, _FILES_IN_EXTRA = 0xFFFF_FFFF, (0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF)
_COMMENT = 2**16
_REFUSED = cast(type[Exception], fast_zlib.error)
# Bytes of a zip file that are read at once.
_PIECE = 2**18
# Bytes of a directory for each member it may have: an entry is 46 bytes and its name, usually some 120 in all.
_ENTRY_BYTES = 120
# Bits that hold the sum of two places in any zip.
_WIDE = 72


class ZipEntry(NamedTuple):
    """A member as its directory tells of it."""

    name: str
    offset: int
    compressed: int
    size: int
    crc: int
    method: int
    flags: int
    attributes: int

    def reach(self) -> int:
        """Where it ends, if its header is no longer than it must be."""
        return self.offset + _LOCAL.size + len(self.name) + self.compressed


class ZipDirectory:
    """The directory of a zip file that is open. Raises Trouble when there is none that can be read to its end."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._file = file
        self._start, self._size, self._shift = _located(file)
        if self._size > limits.container_members * _ENTRY_BYTES + _COMMENT:
            raise Trouble(Code.TOO_MANY_MEMBERS)
        self.overlapping = self._judged()
        """Where those members lie that reach into another one: two readings of the same bytes, neither is taken."""

    def __iter__(self) -> Iterator[ZipEntry]:
        left = self._size
        held, at = b"", 0
        self._file.seek(self._start)
        unpack, fixed, shift = _CENTRAL.unpack_from, _CENTRAL.size, self._shift
        read = 0
        while left > 0:
            # A name, an extra field and a comment have 64 kB each at most: less than a piece.
            if len(held) - at < min(_PIECE, self._size - read + len(held) - at):
                piece = self._file.read(min(_PIECE, self._size - read))
                read += len(piece)
                held, at = held[at:] + piece, 0
                if not piece:
                    raise Trouble(Code.BAD_CONTAINER)
            if len(held) - at < fixed:
                raise Trouble(Code.BAD_CONTAINER)
            (
                signature, _, _, needed, flags, method, _, _, crc, compressed, size,
                name_length, extra_length, comment_length, _, _, attributes, offset,
            ) = unpack(held, at)  # fmt: skip
            if signature != _ENTRY or needed & 0xFF > _NEWEST:
                raise Trouble(Code.BAD_CONTAINER)
            at += fixed
            raw = held[at : at + name_length]
            at += name_length
            if extra_length:
                size, compressed, offset = _widened(held[at : at + extra_length], size, compressed, offset)
            at += extra_length + comment_length
            left -= fixed + name_length + extra_length + comment_length
            yield ZipEntry(_name(raw, flags), offset + shift, compressed, size, crc, method, flags, attributes)

    def _judged(self) -> frozenset[int]:
        """Goes through all of the directory; which members overlap. Nearly always they lie one after another."""
        before = 0
        for entry in self:
            if entry.offset < before:
                return self._overlaps()
            before = entry.reach()
        return frozenset()

    def _overlaps(self) -> frozenset[int]:
        # Place and end as one number: a million of them are no burden.
        spans = sorted((entry.offset << _WIDE | entry.reach() for entry in self if entry.offset >= 0), reverse=True)
        reaching: set[int] = set()
        following = self._start
        for span in spans:
            offset, reach = span >> _WIDE, span & (1 << _WIDE) - 1
            # What reaches beyond the members lies about its size, and shows that when it is read.
            if following < reach <= self._start or offset == following:
                reaching.add(offset)
            following = offset
        return frozenset(reaching)


def _located(file: BinaryIO) -> tuple[int, int, int]:
    """Start and size of the directory, and by how much all places are off because something stands before the zip."""
    length = file.seek(0, io.SEEK_END)
    first = max(0, length - _COMMENT - _END.size)
    file.seek(first)
    tail = file.read(length - first)
    at = len(tail) - _END.size
    if not (at >= 0 and tail.startswith(_EOCD, at) and tail.endswith(b"\0\0")):
        at = tail.rfind(_EOCD)
    if at < 0 or len(tail) - at < _END.size:
        raise Trouble(Code.BAD_CONTAINER)
    *_, size, start, _ = _END.unpack_from(tail, at)
    ends = first + at
    wide = _wide(file, ends)
    if wide is not None:
        size, start = wide
        ends -= _END64.size + _LOCATOR.size
    if size > ends:
        raise Trouble(Code.BAD_CONTAINER)
    return ends - size, size, ends - size - start


def _wide(file: BinaryIO, ends: int) -> tuple[int, int] | None:
    """Size and start of the directory as the record for large files tells them, where there is one."""
    before = ends - _LOCATOR.size - _END64.size
    if before < 0:
        return None
    file.seek(before)
    both = file.read(_END64.size + _LOCATOR.size)
    if not both.startswith(_LOCATED, _END64.size):
        return None
    _, disk, _, disks = _LOCATOR.unpack_from(both, _END64.size)
    if disk or disks > 1:
        raise Trouble(Code.BAD_CONTAINER)
    if not both.startswith(_EOCD64):
        return None
    *_, size, start = _END64.unpack_from(both)
    return size, start


def _widened(extra: bytes, size: int, compressed: int, offset: int) -> tuple[int, int, int]:
    """The three numbers, from the extra field where they have no room elsewhere."""
    at = 0
    while len(extra) - at >= 4:
        kind, length = struct.unpack_from("<2H", extra, at)
        if at + 4 + length > len(extra):
            raise Trouble(Code.BAD_CONTAINER)
        if kind == 1:
            numbers = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            try:
                size = next(numbers) if size in _FILES_IN_EXTRA else size
                compressed = next(numbers) if compressed == _IN_EXTRA else compressed
                offset = next(numbers) if offset == _IN_EXTRA else offset
            except StopIteration:
                raise Trouble(Code.BAD_CONTAINER) from None
        at += 4 + length
    return size, compressed, offset


def _name(raw: bytes, flags: int) -> str:
    if raw.isascii():
        name = raw.decode("ascii")
    else:
        try:
            name = raw.decode("utf-8" if flags & _UTF_8 else "cp437")
        except UnicodeDecodeError:
            raise Trouble(Code.BAD_CONTAINER) from None
    return name.partition("\0")[0] if "\0" in name else name


def zip_trouble(entry: ZipEntry, most: int) -> Code | None:
    """Why a member will not be read, by its directory entry alone; `most` are the bytes that it may have."""
    if entry.flags & _ENCRYPTED:
        return Code.ENCRYPTED_MEMBER
    if entry.size > most:
        return Code.TOO_LARGE
    if stat.S_IFMT(entry.attributes >> 16) not in (0, stat.S_IFREG):
        return Code.SPECIAL_FILE
    if entry.method not in (_STORED, _DEFLATED):
        return Code.UNSUPPORTED_COMPRESSION
    return None


class ZipPlace(NamedTuple):
    """Where a member lies in a zip file, as its directory says."""

    path: str
    offset: int
    compressed: int
    size: int
    crc: int
    method: int


def read_zip_member(place: ZipPlace, limits: Limits) -> bytes:
    """Bytes of a member at its place in a zip file, checked by size and CRC. Raises Trouble."""
    path, offset, compressed, size, crc, method = place
    if size > max(limits.document_bytes, limits.nested_bytes):
        raise Trouble(Code.TOO_LARGE)
    return _checked(_open(path), offset, compressed, size, crc, method)


def zip_member(data: bytes, entry: ZipEntry) -> bytes:
    """Bytes of a member of a zip in memory, checked by size and CRC. Raises Trouble."""
    return _checked(_Held(data), entry.offset, entry.compressed, entry.size, entry.crc, entry.method)


def _checked(source: _Opened | _Held, offset: int, compressed: int, size: int, crc: int, method: int) -> bytes:
    # Deflated data are hardly larger than the plain ones; whoever says otherwise wants memory.
    if not 0 <= offset <= source.length or not 0 <= compressed <= size + size // 1000 + 1000:
        raise Trouble(Code.BAD_CONTAINER)
    header = source.read(offset, _LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(ZIP):
        raise Trouble(Code.BAD_CONTAINER)
    *_, name_length, extra_length = _LOCAL.unpack(header)
    packed = source.read(offset + _LOCAL.size + name_length + extra_length, compressed)
    if len(packed) < compressed:
        raise Trouble(Code.BAD_CONTAINER)
    if method == _STORED:
        data = packed
    elif method == _DEFLATED:
        data = _inflated(packed, size)
    else:
        raise Trouble(Code.UNSUPPORTED_COMPRESSION, f"compression method {method}")
    if len(data) != size or fast_zlib.crc32(data) != crc:
        raise Trouble(Code.BAD_CONTAINER)
    return data


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


class _Held:
    """A zip in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.length = len(data)

    def read(self, offset: int, count: int) -> bytes:
        """`count` bytes from `offset`; fewer at the end."""
        return self._data[offset : offset + count]


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
        if count > _PIECE // 4:
            return self._read(offset, count)
        self._start, self._piece = offset, self._read(offset, _PIECE)
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
