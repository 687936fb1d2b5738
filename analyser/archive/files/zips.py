"""Zip files: their directory, gone through without being held in memory, and where the file is not what it says.

The standard library keeps some 0.7 kB for each member of a directory, so that a county's archive in one zip takes a
gigabyte before its first document is read. Here a directory is read twice from the file, in pieces: once to judge it
as a whole, and once to give its entries.
"""

from __future__ import annotations

import io
import stat
import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from analyser.archive.files.zipped import DEFLATED, LOCAL, PIECE, STORED, ZIP, InFile, not_zero, stray_behind
from analyser.archive.quarantine import Code, Trouble
from analyser.system.limits import Limits

EMPTY_ZIP = b"PK\x05\x06"
_CENTRAL = struct.Struct("<4s2B5H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY, _EOCD, _EOCD64, _LOCATED = b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
# The newest way of writing zips that is understood, in tenths: what comes after may mean anything.
_NEWEST = 63
_ENCRYPTED, _UTF_8 = 0x1, 0x800
_FOLDER = 0x10
_MOST_16 = 0xFFFF
_IN_EXTRA, _FILES_IN_EXTRA = 0xFFFF_FFFF, (0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF)
_COMMENT = 2**16
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
        return self.offset + LOCAL.size + len(self.name) + self.compressed

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
            if len(held) - at < min(PIECE, self._size - read + len(held) - at):
                self._file.seek(self._start + read)
                piece = self._file.read(min(PIECE, self._size - read))
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
            before = offset + LOCAL.size + len(name) + compressed
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
        file = InFile(self._file)
        header = file.read(entry.offset, LOCAL.size) if entry.offset >= 0 else b""
        if len(header) < LOCAL.size or not header.startswith(ZIP):
            return f"byte {entry.offset}"
        *_, name_length, extra_length = LOCAL.unpack(header)
        end = entry.offset + LOCAL.size + name_length + extra_length + entry.compressed
        return None if end > entry.ends else stray_behind(file, end, entry.ends, entry.flags, entry.crc)

    def _stray(self, start: int, end: int) -> int | None:
        return not_zero(InFile(self._file), start, end)


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
        (exact if _reach(tail, at) == len(tail) else others).append(at)
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
        if at not in exact and not _only_zeros(tail, at):
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


def _reach(tail: bytes, at: int) -> int:
    """Where this end and the comment that it announces end."""
    return at + _END.size + int.from_bytes(tail[at + 20 : at + 22], "little")


def _only_zeros(tail: bytes, at: int) -> bool:
    """Whether nothing but zeros follows this end and its comment: what writes whole blocks adds them."""
    reaches = _reach(tail, at)
    return reaches <= len(tail) and not tail[reaches:].strip(b"\0")


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
    return start < ends and InFile(file).read(start, 4) == _ENTRY


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
    if entry.method not in (STORED, DEFLATED):
        return Code.UNSUPPORTED_COMPRESSION
    return None
