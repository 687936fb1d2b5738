"""Containers: zip, tar, and gzip or zstd around them. Streamed, bounded, and never unpacked to disk.

Since nothing is written, a path that points outside is only a name; links and devices are not followed.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from analyser.archive.quarantine import Code, Trouble
from analyser.archive.settings import Limits

_ZIP, _GZIP, _ZSTD = b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_EMPTY_ZIP = b"PK\x05\x06"
_SUFFIXES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.zst", ".tzst", ".gz", ".zst")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_BINARY = getattr(os, "O_BINARY", 0)
# What the standard library raises over damaged zip files, as found by damaging them.
_ZIP_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_STREAM_DAMAGE = (
    tarfile.TarError,
    zlib.error,
    zstandard.ZstdError,
    struct.error,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    ValueError,
)

Member = tuple[str, bytes | None, Code | None]
"""Name, bytes, and the reason when there are no bytes."""


def has_container_name(name: str) -> bool:
    """Whether a file's name says that it is a container."""
    return name.lower().endswith(_SUFFIXES)


def is_container(data: bytes) -> bool:
    """Whether the bytes begin as a container does."""
    return data.startswith((_ZIP, _EMPTY_ZIP, _GZIP, _ZSTD)) or data[257:262] == b"ustar"


def expand(data: bytes, limits: Limits) -> Iterator[Member]:
    """Members of a container in memory."""
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        yield from _zip_members(io.BytesIO(data), len(data), limits)
    else:
        yield from stream_members(io.BytesIO(data), len(data), limits)


def _zip_members(file: BinaryIO, size: int, limits: Limits) -> Iterator[Member]:
    budget = _budget(size, limits)
    try:
        container = zipfile.ZipFile(file)
    except _ZIP_DAMAGE:
        yield "", None, Code.BAD_CONTAINER
        return
    with container:
        for info in container.infolist():
            if info.is_dir():
                continue
            trouble = zip_trouble(info, limits)
            budget -= info.file_size
            if budget < 0:
                yield info.filename, None, Code.EXPANSION
                return
            if trouble is not None:
                yield info.filename, None, trouble
                continue
            most = largest(info.filename, limits)
            try:
                with container.open(info) as member:
                    content = member.read(most + 1)
            except _ZIP_DAMAGE:
                yield info.filename, None, Code.BAD_CONTAINER
                continue
            if len(content) > most:
                yield info.filename, None, Code.TOO_LARGE
            else:
                yield info.filename, content, None


def largest(name: str, limits: Limits) -> int:
    """The most bytes that a member of this name may have: a container may be larger than a document."""
    return max(limits.document_bytes, limits.nested_bytes) if has_container_name(name) else limits.document_bytes


def zip_trouble(info: zipfile.ZipInfo, limits: Limits) -> Code | None:
    """Why a zip member will not be read, by its directory entry alone."""
    if info.flag_bits & 0x1:
        return Code.ENCRYPTED_MEMBER
    if info.file_size > largest(info.filename, limits):
        return Code.TOO_LARGE
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        return Code.SPECIAL_FILE
    return None


def zip_directory(path: Path) -> list[zipfile.ZipInfo]:
    """A zip file's directory. Raises Trouble when it has none that can be read."""
    try:
        with zipfile.ZipFile(path) as container:
            return container.infolist()
    except _ZIP_DAMAGE:
        raise Trouble(Code.BAD_CONTAINER) from None


def read_zip_member(place: object, limits: Limits) -> bytes:
    """Bytes of a member at its place in a zip file, checked by size and CRC. Raises Trouble."""
    path, offset, compressed, size, crc, method = (
        getattr(place, name) for name in ("path", "offset", "compressed", "size", "crc", "method")
    )
    if size > max(limits.document_bytes, limits.nested_bytes):
        raise Trouble(Code.TOO_LARGE)
    handle, length = _open(path)
    if not 0 <= offset <= length or not 0 <= compressed <= length:
        raise Trouble(Code.BAD_CONTAINER)
    header = _read_at(handle, offset, _LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(_ZIP):
        raise Trouble(Code.BAD_CONTAINER)
    *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    packed = _read_at(handle, offset + _LOCAL_HEADER.size + name_length + extra_length, compressed)
    if len(packed) < compressed:
        raise Trouble(Code.BAD_CONTAINER)
    if method == _STORED:
        data = packed
    elif method == _DEFLATED:
        inflate = zlib.decompressobj(-15)
        try:
            data = inflate.decompress(packed, size + 1)
        except zlib.error:
            raise Trouble(Code.BAD_CONTAINER) from None
    else:
        raise Trouble(Code.BAD_CONTAINER, f"compression method {method}")
    if len(data) != size or zlib.crc32(data) != crc:
        raise Trouble(Code.BAD_CONTAINER)
    return data


_opened: dict[str, tuple[int, int]] = {}


def _open(path: str) -> tuple[int, int]:
    """The open file and its length. One file is open at a time, so that its members cost one read each."""
    if path not in _opened:
        close_zip()
        try:
            handle = os.open(path, os.O_RDONLY | _BINARY)
            _opened[path] = handle, os.fstat(handle).st_size
        except OSError:
            raise Trouble(Code.UNREADABLE) from None
    return _opened[path]


def close_zip() -> None:
    """Close the zip file that was read last: the next shard may find another one under its name."""
    for handle, _ in _opened.values():
        os.close(handle)
    _opened.clear()


def _read_at(handle: int, offset: int, count: int) -> bytes:
    try:
        os.lseek(handle, offset, os.SEEK_SET)
        data = os.read(handle, count)
        while len(data) < count and (part := os.read(handle, count - len(data))):
            data += part
    except OSError:
        raise Trouble(Code.UNREADABLE) from None
    return data


def stream_members(file: BinaryIO, size: int, limits: Limits) -> Iterator[Member]:
    """Members of a tar, or of a gzip or zstd stream around a tar or around one document."""
    head = file.read(6)
    file.seek(0)
    stream: BinaryIO
    if head.startswith(_GZIP):
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=file))
    elif head.startswith(_ZSTD):
        stream = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(file, read_across_frames=True)
    else:
        stream = file
    bounded = _Bounded(stream, _budget(size, limits))
    try:
        start = bounded.peek(512)
        if stream is not file and start[257:262] != b"ustar":
            yield _one(bounded, limits)
            return
        yield from _tar_members(bounded, limits)
    except _Exceeded:
        yield "", None, Code.EXPANSION
    except _STREAM_DAMAGE:
        yield "", None, Code.BAD_CONTAINER


def _one(stream: _Bounded, limits: Limits) -> Member:
    # A container inside shows itself by its first bytes: there is no name here.
    most = max(limits.document_bytes, limits.nested_bytes) if is_container(stream.peek(512)) else limits.document_bytes
    content = stream.read(most + 1)
    if len(content) > most:
        return "content", None, Code.TOO_LARGE
    return "content", content, None


def _tar_members(stream: _Bounded, limits: Limits) -> Iterator[Member]:
    with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r|", bufsize=2**18) as container:
        while (info := container.next()) is not None:
            container.members = []  # type: ignore[attr-defined]  # the reader keeps every header it has seen
            if info.isdir():
                continue
            if not info.isreg():
                yield info.name, None, Code.SPECIAL_FILE
            elif info.size > largest(info.name, limits):
                yield info.name, None, Code.TOO_LARGE
            else:
                member = container.extractfile(info)
                content = member.read() if member is not None else b""
                if len(content) < info.size:
                    yield info.name, None, Code.BAD_CONTAINER
                else:
                    yield info.name, content, None
        if stream.given <= container.offset:
            # A tar ends with a block of zeros. One cut between two members lacks it, and looks whole otherwise.
            yield "", None, Code.BAD_CONTAINER


def _budget(size: int, limits: Limits) -> int:
    return min(limits.container_bytes, limits.expansion_free + size * limits.expansion)


class _Exceeded(Exception):
    """A stream gives more than its budget."""


class _Bounded:
    """A stream that gives no more than its budget, whatever its headers say."""

    def __init__(self, stream: BinaryIO, budget: int) -> None:
        self._stream = stream
        self._budget = budget
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
        if self.given > self._budget:
            raise _Exceeded
        return data
