"""Containers: zip, tar, and gzip, zstd, bzip2 or xz around them. Streamed, bounded, and never unpacked to disk.

Since nothing is written, a path that points outside is only a name; links and devices are not followed. Whatever does
not balance, bytes or members, is told with its place after what is sound has been read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from analyser.archive.files.allowance import Pool, Shares
from analyser.archive.files.packed import STREAMS, Bounded, Exceeded, unpacked
from analyser.archive.files.spill import HELD, Data, Spilled, size_of, spilled
from analyser.archive.files.tars import BLOCK, is_tar, tar_parts
from analyser.archive.files.zipped import ZIP, spilled_member, zip_member
from analyser.archive.files.zips import EMPTY_ZIP, ZipDirectory, ZipEntry, zip_trouble
from analyser.archive.quarantine import Code, Trouble
from analyser.system.limits import Limits

_SUFFIXES = (
    ".zip", ".tar", ".tgz", ".tar.gz", ".tar.zst", ".tzst", ".gz", ".zst",
    ".tar.xz", ".txz", ".xz", ".tar.bz2", ".tbz2", ".tbz", ".bz2",
)  # fmt: skip
# A packed stream around a container goes through a file when it has more bytes than this.
_PEEKED = 2**20
# Bytes of an empty tar: two blocks of zeros, or as many as one record has.
_EMPTY_TARS = (2 * BLOCK, 20 * BLOCK)
_SIGNS = (ZIP, EMPTY_ZIP, *STREAMS)
_UNREAD = {
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"MSCF\0\0\0\0": "CAB",
    b"PK\x07\x08PK": "a part of a split zip",
    b"\x1f\x9d": "compress",
    b"LZIP\x01": "lzip",
    b"\x04\x22\x4d\x18": "lz4",
}
"""Containers that are known and not read, by their first bytes."""
_UNREAD_SIGNS = tuple(_UNREAD)


Reader = Callable[[BinaryIO, Limits, Pool, Path | None], Iterator["Member"]]
"""Gives the members of a container; large ones that are containers go through files in the folder."""


class Member(NamedTuple):
    """Name, bytes, the reason when there are no bytes, and what the bytes may give if they are a container."""

    name: str
    data: Data | None
    trouble: Code | None
    allowance: int = 0
    place: str | None = None
    """Where in the container the reason lies."""
    folder: bool = False
    """No member, but a folder's name."""


def has_container_name(name: str) -> bool:
    """Whether a file's name says that it is a container."""
    return name.lower().endswith(_SUFFIXES)


def is_container(data: bytes) -> bool:
    """Whether the bytes begin as a container does."""
    return data.startswith(_SIGNS) or is_tar(data)


def unread_container(data: bytes) -> str | None:
    """What kind of container this is that is not read here; None for anything else."""
    if not data.startswith(_UNREAD_SIGNS):
        return None
    return next(kind for sign, kind in _UNREAD.items() if data.startswith(sign))


def damaged_kind(name: str, head: bytes) -> Reader | None:
    """How to read what has the name of a container and does not begin as one; None where it is something else."""
    if not name.lower().endswith((".tar", ".zip")):
        return None
    if name.lower().endswith(".tar") and len(head) == BLOCK and not head.strip(b"\0"):
        return stream_members  # an empty tar, or what a crash has left of a full one
    plain = head.lstrip(b" \t\r\n\xef\xbb\xbf\xff\xfe\0")
    if not plain or plain.startswith(b"<") or unread_container(head):
        return None
    return zip_members if name.lower().endswith(".zip") else stream_members


def reader_of(name: str, data: bytes) -> Reader | None:
    """How to read these bytes if they are a container, damaged or not."""
    if data.startswith(b"<"):  # nearly all that is asked about is XML
        return stream_members if is_tar(data) else None
    if data.startswith((ZIP, EMPTY_ZIP)):
        return zip_members
    return stream_members if is_container(data) else damaged_kind(name, data[:BLOCK])


def _is_empty_tar(held: bytes) -> bool:
    return len(held) in _EMPTY_TARS and not held.strip(b"\0")


def zip_members(file: BinaryIO, limits: Limits, pool: Pool, overflow: Path | None = None) -> Iterator[Member]:
    """Members of a zip."""
    try:
        directory = ZipDirectory(file, limits)
    except Trouble as unreadable:
        yield Member("", None, unreadable.code, place=unreadable.place)
        return
    for _, entry, trouble, place, folder in judged(directory, limits, pool):
        content: Data | None = None
        stray = None
        if entry is not None and trouble is None and not folder:
            try:
                if is_large(entry.name, entry.size):
                    content, stray = spilled_member(file, entry, overflow)
                else:
                    content, stray = zip_member(file, entry)
            except Trouble as unreadable:
                trouble, place = unreadable.code, unreadable.place
        yield Member(entry.name if entry else "", content, trouble, place=place, folder=folder)
        if stray is not None:
            yield Member("", None, Code.BAD_CONTAINER, place=stray)


class Judged(NamedTuple):
    """A member of a zip's directory: its number, its entry where it is one, and why it is not read."""

    number: int
    entry: ZipEntry | None
    trouble: Code | None = None
    place: str | None = None
    folder: bool = False


def judged(directory: ZipDirectory, limits: Limits, pool: Pool) -> Iterator[Judged]:
    """Every member, and what does not balance: for that there is no entry.

    What goes beyond the pool is told once and ends it.
    """
    number = -1
    try:
        for number, entry in enumerate(directory):
            if entry.is_folder:
                yield Judged(number, entry, folder=True)
                yield from _behind(directory, number, entry)
                continue
            if not pool.member():
                yield Judged(number, None, Code.TOO_MANY_MEMBERS)
                return
            trouble = zip_trouble(entry, largest(entry.name, limits))
            if trouble is None and entry.offset in directory.overlapping:
                trouble = Code.OVERLAPPING_MEMBER
            elif trouble is None and not pool.give(entry.size):
                yield Judged(number, entry, Code.EXPANSION)
                return
            yield Judged(number, entry, trouble)
            if trouble is not None and trouble is not Code.OVERLAPPING_MEMBER:
                yield from _behind(directory, number, entry)
    except Trouble as damaged:
        yield Judged(number + 1, None, damaged.code, damaged.place)
    for fault in directory.faults:
        number += 1
        yield Judged(number + 1, None, Code.BAD_CONTAINER, fault)


def _behind(directory: ZipDirectory, number: int, entry: ZipEntry) -> Iterator[Judged]:
    stray = directory.beyond(entry)
    if stray is not None:
        yield Judged(-number - 10, None, Code.BAD_CONTAINER, stray)


def largest(name: str, limits: Limits) -> int:
    """The most bytes that a member of this name may have: a container may be larger than a document."""
    return max(limits.document_bytes, limits.nested_bytes) if has_container_name(name) else limits.document_bytes


def is_large(name: str, size: int) -> bool:
    """Whether a member is a container too large to be held in memory."""
    return size > HELD and has_container_name(name)


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Members of a stream: documents in memory, large containers in files."""

    limits: Limits
    overflow: Path | None

    def take(self, stream: Bounded, size: int) -> Data | None:
        """The bytes of a member, None when they are too many."""
        if size > min(self.limits.document_bytes, HELD):
            inside = is_container(stream.peek(BLOCK))
            if size > largest("x.zip" if inside else "x.xml", self.limits):
                return None
            if inside and size > HELD:
                return spilled(stream.pieces(size), self.overflow)
        return stream.read(size)


def stream_members(file: BinaryIO, limits: Limits, pool: Pool, overflow: Path | None = None) -> Iterator[Member]:
    """Members of a tar, or of a packed stream around a tar or around one document."""
    shares = Shares(limits)
    try:
        length = file.seek(0, 2)
        file.seek(0)
        head = file.read(BLOCK)
        file.seek(0)
        stream = unpacked(file, head, limits)
        bounded = Bounded(stream, pool, file if stream is file else None)
        keeping = _Keeping(limits, overflow)
        if stream is not file and not is_tar(bounded.peek(BLOCK)):
            if _is_empty_tar(bounded.peek(max(_EMPTY_TARS) + 1)):
                return
            yield from _one(bounded, shares, file, keeping)
            return
        if not head.strip(b"\0") and not _is_empty_tar(bounded.peek(max(_EMPTY_TARS) + 1)):
            yield Member("", None, Code.BAD_CONTAINER, place="byte 0")
        used = 0
        for part in tar_parts(bounded, length if stream is file else None, keeping, pool):
            share = 0
            if part.data is not None and (isinstance(part.data, Spilled) or reader_of(part.name, part.data)):
                share = shares.of(size_of(part.data), file.tell() - used)
                used = file.tell()
            yield Member(part.name, part.data, part.trouble, share, part.place, part.folder)
    except Exceeded:
        yield Member("", None, Code.EXPANSION)
    except Trouble as trouble:
        yield Member("", None, trouble.code, place=trouble.place)
    except MemoryError:
        yield Member("", None, Code.TOO_MUCH_MEMORY)


def _one(stream: Bounded, shares: Shares, file: BinaryIO, keeping: _Keeping) -> Iterator[Member]:
    """The one member of a packed stream that is no tar. It has no name: a container shows itself by its first bytes."""
    limits = keeping.limits
    inside = is_container(stream.peek(BLOCK))
    most = max(limits.document_bytes, limits.nested_bytes) if inside else limits.document_bytes
    if inside and len(stream.peek(_PEEKED)) == _PEEKED:
        content: Data = spilled(stream.pieces(most + 1), keeping.overflow)
    else:
        content = stream.read(most + 1)
    if size_of(content) > most:
        if isinstance(content, Spilled):
            content.remove()
        yield Member("content", None, Code.TOO_LARGE)
        return
    yield Member("content", content, None, shares.of(size_of(content), file.tell()))
