"""Containers: zip, tar, and gzip or zstd around them. Streamed, bounded, and never unpacked to disk.

Since nothing is written, a path that points outside is only a name; links and devices are not followed.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple, cast

import zstandard

from analyser.archive.pool import Pool, Shares
from analyser.archive.quarantine import Code, Trouble
from analyser.archive.zips import EMPTY_ZIP, ZIP, ZipDirectory, ZipEntry, zip_member, zip_trouble
from analyser.limits import Limits

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_SUFFIXES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.zst", ".tzst", ".gz", ".zst")
# A tar header that carries a name or attributes; nothing that belongs there is longer.
_HEADER_BYTES = 2**20
_HEADERS = {
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
}


class Member(NamedTuple):
    """Name, bytes, the reason when there are no bytes, and what the bytes may give if they are a container."""

    name: str
    data: bytes | None
    trouble: Code | None
    allowance: int = 0


def has_container_name(name: str) -> bool:
    """Whether a file's name says that it is a container."""
    return name.lower().endswith(_SUFFIXES)


def is_container(data: bytes) -> bool:
    """Whether the bytes begin as a container does."""
    return data.startswith((ZIP, EMPTY_ZIP, _GZIP, _ZSTD)) or data[257:262] == b"ustar"


def expand(data: bytes, limits: Limits, pool: Pool) -> Iterator[Member]:
    """Members of a container in memory, as far as the pool allows."""
    if data.startswith((ZIP, EMPTY_ZIP)):
        yield from _zip_members(data, limits, pool)
    else:
        yield from stream_members(io.BytesIO(data), limits, pool)


def _zip_members(data: bytes, limits: Limits, pool: Pool) -> Iterator[Member]:
    try:
        directory = ZipDirectory(io.BytesIO(data), limits)
    except Trouble as unreadable:
        yield Member("", None, unreadable.code)
        return
    for _, entry, trouble in judged(directory, limits, pool):
        content = None
        if entry is not None and trouble is None:
            try:
                content = zip_member(data, entry)
            except Trouble as unreadable:
                trouble = unreadable.code
        yield Member(entry.name if entry else "", content, trouble)


def judged(directory: ZipDirectory, limits: Limits, pool: Pool) -> Iterator[tuple[int, ZipEntry | None, Code | None]]:
    """Number and entry of each member that is no folder, and why it is not read; no entry where there are too many.

    What goes beyond the pool is told once and ends it.
    """
    for number, entry in enumerate(directory):
        if entry.name.endswith("/"):
            continue
        if not pool.member():
            yield number, None, Code.TOO_MANY_MEMBERS
            return
        trouble = zip_trouble(entry, largest(entry.name, limits))
        if trouble is None and entry.offset in directory.overlapping:
            trouble = Code.OVERLAPPING_MEMBER
        if trouble is None and not pool.give(entry.size):
            yield number, entry, Code.EXPANSION
            return
        yield number, entry, trouble


def largest(name: str, limits: Limits) -> int:
    """The most bytes that a member of this name may have: a container may be larger than a document."""
    return max(limits.document_bytes, limits.nested_bytes) if has_container_name(name) else limits.document_bytes


def stream_members(file: BinaryIO, limits: Limits, pool: Pool) -> Iterator[Member]:
    """Members of a tar, or of a gzip or zstd stream around a tar or around one document."""
    shares = Shares(limits)
    least = 0
    try:
        head = file.read(18)
        file.seek(0)
        stream: BinaryIO
        if head.startswith(_GZIP):
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=file))
        elif head.startswith(_ZSTD):
            frame = zstandard.get_frame_parameters(head)
            # A cut stream ends without a word; what its header promises tells.
            least = frame.content_size if frame.content_size != zstandard.CONTENTSIZE_UNKNOWN else 0
            if frame.window_size > limits.zstd_window:
                yield Member("", None, Code.TOO_MUCH_MEMORY)
                return
            stream = zstandard.ZstdDecompressor(max_window_size=limits.zstd_window).stream_reader(
                file, read_across_frames=True
            )
        else:
            stream = file
        bounded = _Bounded(stream, pool)
        start = bounded.peek(512)
        if stream is not file and start[257:262] != b"ustar":
            yield _one(bounded, shares, file, limits, least)
            return
        yield from _tar_members(bounded, shares, file, limits, pool)
    except _Exceeded:
        yield Member("", None, Code.EXPANSION)
    except MemoryError:
        yield Member("", None, Code.TOO_MUCH_MEMORY)
    except Exception:  # noqa: BLE001  damaged streams make the libraries raise anything, as damaging them shows
        yield Member("", None, Code.BAD_CONTAINER)


def _one(stream: _Bounded, shares: Shares, file: BinaryIO, limits: Limits, least: int) -> Member:
    # A container inside shows itself by its first bytes: there is no name here.
    most = max(limits.document_bytes, limits.nested_bytes) if is_container(stream.peek(512)) else limits.document_bytes
    content = stream.read(most + 1)
    if len(content) > most:
        return Member("content", None, Code.TOO_LARGE)
    if len(content) < least:
        return Member("content", None, Code.BAD_CONTAINER)
    return Member("content", content, None, shares.of(len(content), file.tell()))


class _Header(tarfile.TarInfo):
    """A tar header that does not take names and attributes of any length into memory."""

    def _proc_member(self, container: tarfile.TarFile) -> Any:
        if self.type in _HEADERS and not 0 <= self.size <= _HEADER_BYTES:
            raise tarfile.ReadError
        return super()._proc_member(container)  # type: ignore[misc]


def _tar_members(stream: _Bounded, shares: Shares, file: BinaryIO, limits: Limits, pool: Pool) -> Iterator[Member]:
    used = 0
    given = cast(BinaryIO, stream)
    with tarfile.open(fileobj=given, mode="r|", bufsize=2**18, tarinfo=_Header) as container:
        while (info := container.next()) is not None:
            container.members = []  # type: ignore[attr-defined]  # the reader keeps every header it has seen
            if info.isdir():
                continue
            if not pool.member():
                yield Member("", None, Code.TOO_MANY_MEMBERS)
                return
            if not info.isreg():
                yield Member(info.name, None, Code.SPECIAL_FILE)
            elif info.issparse():
                yield Member(info.name, None, Code.SPARSE_MEMBER)
            elif info.size > largest(info.name, limits):
                yield Member(info.name, None, Code.TOO_LARGE)
            else:
                member = container.extractfile(info)
                content = member.read() if member is not None else b""
                if len(content) < info.size:
                    yield Member(info.name, None, Code.BAD_CONTAINER)
                    continue
                share = 0
                if is_container(content):
                    share = shares.of(len(content), file.tell() - used)
                    used = file.tell()
                yield Member(info.name, content, None, share)
        if stream.given <= container.offset:
            # A tar ends with a block of zeros. One cut between two members lacks it, and looks whole otherwise.
            yield Member("", None, Code.BAD_CONTAINER)


class _Exceeded(Exception):
    """A stream gives more than its pool has."""


class _Bounded:
    """A stream that gives no more than its pool has, whatever its headers say."""

    def __init__(self, stream: BinaryIO, pool: Pool) -> None:
        self._stream = stream
        self._pool = pool
        self._ahead = b""
        self.given = 0

    def peek(self, count: int) -> bytes:
        """The first bytes, which the next read gives again."""
        while len(self._ahead) < count and (part := self._stream.read(count - len(self._ahead))):
            self._ahead += part
        return self._ahead

    def read(self, count: int) -> bytes:
        """Up to `count` bytes; all of them unless the stream ends."""
        parts = [self._ahead[:count]]
        self._ahead = self._ahead[count:]
        wanted = count - len(parts[0])
        while wanted > 0 and (part := self._stream.read(min(wanted, 2**20))):
            parts.append(part)
            wanted -= len(part)
        data = b"".join(parts)
        self.given += len(data)
        if not self._pool.give(len(data)):
            raise _Exceeded
        return data
