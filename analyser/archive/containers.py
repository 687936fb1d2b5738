"""Containers: zip, tar, and gzip or zstd around them. Streamed, bounded, and never unpacked to disk.

Since nothing is written, a path that points outside is only a name; links and devices are not followed.
"""

from __future__ import annotations

import errno
import gzip
import io
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import zstandard

try:
    # The same as zlib, twice as fast on the processors that it knows.
    from isal import isal_zlib as fast_zlib
except ImportError:
    import zlib as fast_zlib  # type: ignore[no-redef]

from analyser.archive.pool import Pool, Shares
from analyser.archive.quarantine import Code, Trouble
from analyser.limits import Limits

_ZIP, _GZIP, _ZSTD = b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_EMPTY_ZIP = b"PK\x05\x06"
_SUFFIXES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.zst", ".tzst", ".gz", ".zst")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_REFUSED = cast(type[Exception], fast_zlib.error)
# Bytes of a zip file that are read at once.
_PIECE = 2**18
# Not to wait for a pipe or follow a link that took the file's place; on some systems bytes must be asked for as such.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_EOCD, _EOCD64, _LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
# Bytes of a zip directory for each member it may have: an entry is 46 bytes and its name, usually some 120 in all.
_ENTRY_BYTES = 120
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
    return data.startswith((_ZIP, _EMPTY_ZIP, _GZIP, _ZSTD)) or data[257:262] == b"ustar"


def expand(data: bytes, limits: Limits, pool: Pool) -> Iterator[Member]:
    """Members of a container in memory, as far as the pool allows."""
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        yield from _zip_members(io.BytesIO(data), limits, pool)
    else:
        yield from stream_members(io.BytesIO(data), limits, pool)


def _zip_members(file: BinaryIO, limits: Limits, pool: Pool) -> Iterator[Member]:
    try:
        if _too_many(file, limits):
            yield Member("", None, Code.TOO_MANY_MEMBERS)
            return
        container = zipfile.ZipFile(file)
        overlapping = overlaps(container.infolist(), container.start_dir)
    except Exception:  # noqa: BLE001  damaged zip files make the library raise anything, as damaging them shows
        yield Member("", None, Code.BAD_CONTAINER)
        return
    with container:
        for info in container.infolist():
            if is_folder(info):
                continue
            if not pool.member():
                yield Member("", None, Code.TOO_MANY_MEMBERS)
                return
            trouble = zip_trouble(info, limits)
            if trouble is None and info.header_offset in overlapping:
                trouble = Code.OVERLAPPING_MEMBER
            if trouble is not None:
                yield Member(info.filename, None, trouble)
                continue
            if not pool.give(info.file_size):
                yield Member(info.filename, None, Code.EXPANSION)
                return
            try:
                with container.open(info) as member:
                    # One byte more than it says it has: so its checksum is looked at, and a lie shows.
                    content = member.read(info.file_size + 1)
            except Exception:  # noqa: BLE001  as above
                yield Member(info.filename, None, Code.BAD_CONTAINER)
                continue
            if len(content) != info.file_size:
                yield Member(info.filename, None, Code.BAD_CONTAINER)
            else:
                yield Member(info.filename, content, None)


def overlaps(directory: Sequence[zipfile.ZipInfo], end: int) -> frozenset[int]:
    """Where those members lie that reach into another one. The directory begins at `end`; beyond it lies damage."""
    reaching: set[int] = set()
    following = end
    for info in sorted(directory, key=lambda info: info.header_offset, reverse=True):
        reach = info.header_offset + _LOCAL_HEADER.size + len(info.orig_filename) + info.compress_size
        # Two entries for the same bytes are two readings of them: neither is taken.
        if following < reach <= end or info.header_offset == following:
            reaching.add(info.header_offset)
        following = info.header_offset
    return frozenset(reaching)


def _too_many(file: BinaryIO, limits: Limits) -> bool:
    """Whether a zip's directory is larger than that of a container within the limits, before it is read."""
    size = file.seek(0, io.SEEK_END)
    start = max(0, size - 2**16 - 42)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_EOCD)
    if at < 0 or len(tail) < at + 22:
        return False
    (length,) = struct.unpack_from("<L", tail, at + 12)
    if at >= 20 and tail.startswith(_LOCATOR, at - 20):
        (place,) = struct.unpack_from("<Q", tail, at - 12)
        if place < size:
            file.seek(place)
            record = file.read(56)
            if record.startswith(_EOCD64) and len(record) == 56:
                (length,) = struct.unpack_from("<Q", record, 40)
    if length > size:
        return False  # a lie that the library will find
    return bool(length > limits.container_members * _ENTRY_BYTES + 2**16)


def largest(name: str, limits: Limits) -> int:
    """The most bytes that a member of this name may have: a container may be larger than a document."""
    return max(limits.document_bytes, limits.nested_bytes) if has_container_name(name) else limits.document_bytes


def is_folder(info: zipfile.ZipInfo) -> bool:
    """Whether a zip member is a folder. The library's own question fails for a member without a name."""
    return info.filename.endswith("/")


def zip_trouble(info: zipfile.ZipInfo, limits: Limits) -> Code | None:
    """Why a zip member will not be read, by its directory entry alone."""
    if info.flag_bits & 0x1:
        return Code.ENCRYPTED_MEMBER
    if info.file_size > largest(info.filename, limits):
        return Code.TOO_LARGE
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return Code.SPECIAL_FILE
    if info.compress_type not in (_STORED, _DEFLATED):
        return Code.UNSUPPORTED_COMPRESSION
    return None


def zip_directory(path: Path, limits: Limits) -> tuple[list[zipfile.ZipInfo], int]:
    """A zip file's directory, and where it begins. Raises Trouble when it has none that can be read."""
    with open_regular(path) as file:
        try:
            if _too_many(file, limits):
                raise Trouble(Code.TOO_MANY_MEMBERS)
            with zipfile.ZipFile(file) as container:
                return container.infolist(), container.start_dir
        except Trouble:
            raise
        except Exception:  # noqa: BLE001  damaged zip files make the library raise anything, as damaging them shows
            raise Trouble(Code.BAD_CONTAINER) from None


def open_regular(path: str | Path) -> BinaryIO:
    """Open an ordinary file. Raises Trouble when it cannot be had, or when a link, pipe or device has its place."""
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        raise Trouble(Code.SPECIAL_FILE if error.errno == errno.ELOOP else Code.UNREADABLE) from None
    except ValueError:
        raise Trouble(Code.UNREADABLE) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Trouble(Code.SPECIAL_FILE)
    return os.fdopen(handle, "rb")


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
    opened = _open(path)
    # Deflated data are hardly larger than the plain ones; whoever says otherwise wants memory.
    if not 0 <= offset <= opened.length or not 0 <= compressed <= size + size // 1000 + 1000:
        raise Trouble(Code.BAD_CONTAINER)
    header = opened.read(offset, _LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(_ZIP):
        raise Trouble(Code.BAD_CONTAINER)
    *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    packed = opened.read(offset + _LOCAL_HEADER.size + name_length + extra_length, compressed)
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
