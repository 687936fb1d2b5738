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
from array import array
from bisect import bisect_right
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
_ENCRYPTED, _DESCRIBED_BEHIND, _UTF_8 = 0x1, 0x8, 0x800
_BEHIND = b"PK\x07\x08"
_FOLDER = 0x10
_MOST_16 = 0xFFFF
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
    ends: int
    """Where the next member or the directory begins: what lies before that is this member's."""

    def reach(self) -> int:
        """Where it ends, if its header is no longer than it must be."""
        return self.offset + _LOCAL.size + len(self.name) + self.compressed

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder in any spelling, and has no bytes."""
        folder = self.name.endswith(("/", "\\")) or self.attributes & _FOLDER or stat.S_ISDIR(self.attributes >> 16)
        return self.size == 0 and bool(folder)


class ZipDirectory:
    """The directory of a zip file that is open. Raises Trouble when there is none that can be read at all."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._file = file
        self.faults: list[str] = []
        """Places where the file is not what its directory says; what the directory lists can be read all the same."""
        end = located(file)
        self._start, self._size, self._shift = end.start, end.size, end.shift
        self.faults += end.faults
        if self._size > limits.container_members * _ENTRY_BYTES + _COMMENT:
            raise Trouble(Code.TOO_MANY_MEMBERS)
        self._places: array[int] | None = None
        self._broken: str | None = None
        self.overlapping = self._judged(end.members)
        """Where those members lie that reach into another one: two readings of the same bytes, neither is taken."""

    def __iter__(self) -> Iterator[ZipEntry]:
        """The members. Raises Trouble where the directory is damaged, after those before the damage."""
        before: tuple[str, int, int, int, int, int, int, int] | None = None
        for entry in self._entries():
            if before is not None:
                yield ZipEntry(*before, self._next(before[1], entry[1]))
            before = entry
        if before is not None:
            yield ZipEntry(*before, self._next(before[1], self._start))
        if self._broken is not None:
            raise Trouble(Code.BAD_CONTAINER, self._broken)

    def _next(self, offset: int, listed_next: int) -> int:
        if self._places is None:
            return min(listed_next, self._start)
        at = bisect_right(self._places, offset)
        return min(self._places[at], self._start) if at < len(self._places) else self._start

    def _entries(self) -> Iterator[tuple[str, int, int, int, int, int, int, int]]:
        left = self._size
        held, at = b"", 0
        unpack, fixed, shift = _CENTRAL.unpack_from, _CENTRAL.size, self._shift
        read = 0
        while left > 0:
            # A name, an extra field and a comment have 64 kB each at most: less than a piece.
            if len(held) - at < min(_PIECE, self._size - read + len(held) - at):
                self._file.seek(self._start + read)
                piece = self._file.read(min(_PIECE, self._size - read))
                read += len(piece)
                held, at = held[at:] + piece, 0
                if not piece:
                    return self._break(left)
            if len(held) - at < fixed:
                return self._break(left)
            (
                signature, _, _, needed, flags, method, _, _, crc, compressed, size,
                name_length, extra_length, comment_length, _, _, attributes, offset,
            ) = unpack(held, at)  # fmt: skip
            if signature != _ENTRY or needed & 0xFF > _NEWEST:
                return self._break(left)
            at += fixed
            raw = held[at : at + name_length]
            at += name_length
            try:
                if extra_length:
                    size, compressed, offset = _widened(held[at : at + extra_length], size, compressed, offset)
                name = _name(raw, flags)
            except Trouble:
                return self._break(left)
            at += extra_length + comment_length
            left -= fixed + name_length + extra_length + comment_length
            if left < 0:
                return self._break(left)
            yield name, offset + shift, compressed, size, crc, method, flags, attributes
        return None

    def _break(self, left: int) -> None:
        self._broken = f"byte {self._start + self._size - max(left, 0)}"

    def _judged(self, announced: int) -> frozenset[int]:
        """Goes through all of the directory; which members overlap. Nearly always they lie one after another."""
        before = count = 0
        first, ordered, lies_elsewhere = self._start, True, False
        for name, offset, compressed, _, _, _, _, _ in self._entries():
            count += 1
            ordered = ordered and offset >= before
            before = offset + _LOCAL.size + len(name) + compressed
            lies_elsewhere = lies_elsewhere or not 0 <= offset < self._start
            first = min(first, offset)
        if self._broken is None and count != announced and not (count > _MOST_16 and count & _MOST_16 == announced):
            self.faults.append(f"byte {self._start + self._size}, {announced} members announced, {count} listed")
        # A member that is not where it should be is told itself; its bytes are not told once more.
        if not lies_elsewhere and (stray := self._stray(0, first)) is not None:
            self.faults.append(f"byte {stray}")
        return frozenset() if ordered else self._overlaps()

    def _overlaps(self) -> frozenset[int]:
        # Place and end as one number: a million of them are no burden.
        self._places = array("q", sorted(entry[1] for entry in self._entries() if 0 <= entry[1] < 2**62))
        entries = (ZipEntry(*entry, 0) for entry in self._entries())
        spans = sorted((entry.offset << _WIDE | entry.reach() for entry in entries if entry.offset >= 0), reverse=True)
        reaching: set[int] = set()
        following = self._start
        for span in spans:
            offset, reach = span >> _WIDE, span & (1 << _WIDE) - 1
            # What reaches beyond the members lies about its size, and shows that when it is read.
            if following < reach <= self._start or offset == following:
                reaching.add(offset)
            following = offset
        return frozenset(reaching)

    def beyond(self, entry: ZipEntry) -> str | None:
        """The place of bytes behind a member that are no member's; for one whose own bytes are not read."""
        file = _InFile(self._file)
        header = file.read(entry.offset, _LOCAL.size) if entry.offset >= 0 else b""
        if len(header) < _LOCAL.size or not header.startswith(ZIP):
            return f"byte {entry.offset}"
        *_, name_length, extra_length = _LOCAL.unpack(header)
        end = entry.offset + _LOCAL.size + name_length + extra_length + entry.compressed
        return None if end > entry.ends else _stray(file, end, entry.ends, entry.flags, entry.crc)

    def _stray(self, start: int, end: int) -> int | None:
        return _not_zero(_InFile(self._file), start, end)


class _End(NamedTuple):
    """Where the directory is, and what its end says of it."""

    start: int
    size: int
    shift: int
    """By how much all places are off because something stands before the zip."""
    members: int
    faults: list[str]


def located(file: BinaryIO) -> _End:
    """Where the directory is. Raises Trouble when no end of a zip says it.

    A comment may hold what looks like an end. The first end that reaches exactly to the end of the file and has a
    directory is the one; where none reaches it, the last one that has.
    """
    length = file.seek(0, io.SEEK_END)
    first = max(0, length - _COMMENT - _END.size)
    file.seek(first)
    tail = file.read(length - first)
    exact: list[int] = []
    others: list[int] = []
    at = tail.find(_EOCD)
    while 0 <= at <= len(tail) - _END.size:
        reaches = at + _END.size + int.from_bytes(tail[at + 20 : at + 22], "little")
        (exact if reaches == len(tail) else others).append(at)
        at = tail.find(_EOCD, at + 1)
    empty: _End | None = None
    failed: Trouble | None = None
    found: list[_End] = []
    for at in (*exact, *reversed(others)):
        if found and at not in exact:
            break
        try:
            end = _end(file, tail, at, first)
        except Trouble as trouble:
            failed = failed or trouble
            continue
        if at not in exact:
            end.faults.append(f"byte {first + at + _END.size}")
        if end.size:
            found.append(end)
            if len(found) > 1:
                found[0].faults.append(f"byte {first + at}")
                break
        else:
            empty = empty or end
    if found:
        return found[0]
    if empty is None:
        raise failed or Trouble(Code.BAD_CONTAINER)
    return empty


def _end(file: BinaryIO, tail: bytes, at: int, first: int) -> _End:
    """What the end at this place says. Raises Trouble when there is no directory where it says."""
    _, disk, starts_on, _, count, size, start, _ = _END.unpack_from(tail, at)
    ends = first + at
    wide = _wide(file, ends)
    if wide is not None:
        size, start, count = wide
        ends -= _END64.size + _LOCATOR.size
    elif disk not in (0, _MOST_16) or starts_on not in (0, _MOST_16):
        raise Trouble(Code.UNSUPPORTED_CONTAINER, "a part of a split zip")
    if size == 0 and count == 0 and not _lists(file, start, ends):
        return _End(ends, 0, 0, 0, [])
    if 0 < size <= ends and _lists(file, ends - size, ends):
        return _End(ends - size, size, ends - size - start, count, [])
    if _lists(file, start, ends):
        # Its size is not what it says; its place is.
        return _End(start, ends - start, 0, count, [f"byte {ends}"])
    raise Trouble(Code.BAD_CONTAINER, f"byte {ends}")


def _lists(file: BinaryIO, start: int, ends: int) -> bool:
    """Whether a directory begins there."""
    return start < ends and _InFile(file).read(start, 4) == _ENTRY


def _wide(file: BinaryIO, ends: int) -> tuple[int, int, int] | None:
    """Size, start and number of members of the directory as the record for large files tells them, if there is one."""
    before = ends - _LOCATOR.size - _END64.size
    if before < 0:
        return None
    file.seek(before)
    both = file.read(_END64.size + _LOCATOR.size)
    if not both.startswith(_LOCATED, _END64.size):
        return None
    _, disk, _, disks = _LOCATOR.unpack_from(both, _END64.size)
    if disk or disks > 1:
        raise Trouble(Code.UNSUPPORTED_CONTAINER, "a part of a split zip")
    if not both.startswith(_EOCD64):
        return None
    *_, count, size, start = _END64.unpack_from(both)
    return size, start, count


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
    return name


def zip_trouble(entry: ZipEntry, most: int) -> Code | None:
    """Why a member will not be read, by its directory entry alone; `most` are the bytes that it may have."""
    if entry.flags & _ENCRYPTED:
        return Code.ENCRYPTED_MEMBER
    if entry.size > most:
        return Code.TOO_LARGE
    if stat.S_IFMT(entry.attributes >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
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


def zip_member(file: BinaryIO, entry: ZipEntry) -> tuple[bytes, str | None]:
    """The same of a zip that is open."""
    _, offset, compressed, size, crc, method, flags, _, ends = entry
    return _checked(_InFile(file), offset, compressed, size, crc, method, flags, ends)


def _checked(
    source: _Opened | _InFile, offset: int, compressed: int, size: int, crc: int, method: int, flags: int, ends: int
) -> tuple[bytes, str | None]:
    # Deflated data are hardly larger than the plain ones; whoever says otherwise wants memory.
    if not 0 <= offset <= source.length or not 0 <= compressed <= size + size // 1000 + 1000:
        raise Trouble(Code.BAD_CONTAINER)
    header = source.read(offset, _LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(ZIP):
        raise Trouble(Code.BAD_CONTAINER)
    *_, name_length, extra_length = _LOCAL.unpack(header)
    begins = offset + _LOCAL.size + name_length + extra_length
    packed = source.read(begins, compressed)
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
    end = begins + compressed
    if end == ends:
        return data, None
    if end > ends:
        raise Trouble(Code.OVERLAPPING_MEMBER)
    return data, _stray(source, end, ends, flags, crc)


def _stray(source: _Opened | _InFile, end: int, ends: int, flags: int, crc: int) -> str | None:
    """The place of bytes between a member and what follows it that are neither zeros nor its own."""
    own = 0
    if flags & _DESCRIBED_BEHIND:
        behind = source.read(end, 24)
        own = 4 if behind.startswith(_BEHIND) else 0
        if behind[own : own + 4] == crc.to_bytes(4, "little"):
            # Its two sizes have four or eight bytes each; an end that fits tells which.
            own += 20 if end + own + 20 == ends else 12
        own = min(own, ends - end)
    stray = _not_zero(source, end + own, ends)
    return None if stray is None else f"byte {stray}"


def _not_zero(source: _Opened | _InFile, start: int, end: int) -> int | None:
    """The first place between these two where no zero is."""
    while start < end and (piece := source.read(start, min(_PIECE, end - start))):
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


class _InFile:
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
