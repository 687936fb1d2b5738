"""Packed streams (gzip, zstd, bzip2, xz): read to their real end, and told where they are not what they say.

The libraries stop at the end of the first part, or at a cut, without a word; a file may hold several parts one after
another. Here each part must end as it was announced, and nothing may stand between or behind them but zeros.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Protocol

import zstandard

from analyser.archive.files.allowance import Pool
from analyser.archive.quarantine import Code, Trouble
from analyser.system.limits import Limits

_GZIP, _ZSTD, _XZ, _BZIP2 = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"BZh"
# A part of a zstd stream that is passed over: sixteen signs that begin alike.
_SKIPPED = tuple(bytes((byte, 0x2A, 0x4D, 0x18)) for byte in range(0x50, 0x60))
STREAMS = (_GZIP, _ZSTD, _XZ, *(_BZIP2 + b"%d1AY&SY" % level for level in range(1, 10)), *_SKIPPED)
"""First bytes of the streams that are unpacked here."""
# Bytes that are read at once, and unpacked at most before they are asked for.
_PIECE = 2**18
# Bytes that are unpacked at once where damage behind them would cost them as well.
_STEP, _CAREFUL = 512, 2**14
_LONGEST_HEADER = 18


class Reads(Protocol):
    """Gives up to `count` bytes, none at its end. Raises Trouble."""

    def read(self, count: int, /) -> bytes:
        """Up to `count` bytes."""
        ...


def unpacked(file: BinaryIO, head: bytes, limits: Limits) -> Reads:
    """What a packed stream gives, by its first bytes; the file itself when it is not packed."""
    if head.startswith(_GZIP):
        return _Joined(file, _Gzip, _GZIP)
    if head.startswith((_ZSTD, *_SKIPPED)):
        return _Zstd(file, limits)
    if head.startswith(_XZ):
        return _Joined(file, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=limits.zstd_window), _XZ)
    if head.startswith(STREAMS):
        return _Joined(file, bz2.BZ2Decompressor, _BZIP2)
    return file


class _Gzip:
    """One part of a gzip stream, with the interface that the other libraries share. Its checksum is looked at."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)
        self._damaged = False

    def decompress(self, data: bytes, most: int) -> bytes:
        """Up to `most` bytes of what `data` is; before damage all that is sound. Raises zlib.error."""
        if self._damaged:
            raise zlib.error
        before = self._inner.copy()
        try:
            return self._inner.decompress(data, most)
        except zlib.error:
            self._damaged = True
            return _sound(before, data)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail


def _sound(unpacker: Any, data: bytes) -> bytes:
    """What can be unpacked before the damage. Raises zlib.error when that is nothing."""
    parts = []
    try:
        while data:
            parts.append(unpacker.decompress(data, _STEP))
            data = unpacker.unconsumed_tail
    except zlib.error:
        if not parts:
            raise
    return b"".join(parts)


class _Joined:
    """Parts of one kind, one after another, with nothing but zeros between and behind them."""

    def __init__(self, file: BinaryIO, new: Callable[[], Any], sign: bytes) -> None:
        self._file = file
        self._new = new
        self._sign = sign
        self._part: Any = None
        self._held = b""
        self._read = 0

    def read(self, count: int) -> bytes:
        while True:
            if self._part is None and not self._begins():
                return b""
            piece = self._held
            # The others keep what they have not unpacked yet; zlib gives it back.
            if not piece and getattr(self._part, "needs_input", True):
                piece = self._more()
            try:
                given: bytes = self._part.decompress(piece, count if self._sign == _GZIP else min(count, _CAREFUL))
            except MemoryError:
                raise
            except lzma.LZMAError as error:
                too_large = "limit" in str(error)
                raise Trouble(Code.TOO_MUCH_MEMORY if too_large else Code.BAD_CONTAINER, self._place()) from None
            except (OSError, ValueError, EOFError, zlib.error):
                raise Trouble(Code.BAD_CONTAINER, self._place()) from None
            ended = self._part.eof
            self._held = self._part.unused_data if ended or isinstance(self._part, _Gzip) else b""
            if ended:
                self._part = None
            elif not piece and not given:
                raise Trouble(Code.BAD_CONTAINER, self._place())  # cut off
            if given:
                return given

    def _begins(self) -> bool:
        """Whether another part begins here; not at the end. Raises Trouble for anything else."""
        while not (held := self._held.lstrip(b"\0")) or len(held) < len(self._sign):
            more = self._more()
            if not more:
                if held:
                    raise Trouble(Code.BAD_CONTAINER, self._place(len(held)))
                return False
            self._held = held + more
        self._held = held
        if not held.startswith(self._sign):
            raise Trouble(Code.BAD_CONTAINER, self._place(len(held)))
        self._part = self._new()
        return True

    def _more(self) -> bytes:
        data = self._file.read(_PIECE)
        self._read += len(data)
        return data

    def _place(self, before: int = 0) -> str:
        return f"packed byte {self._read - before}"


class _Zstd:
    """A zstd stream; the library tells nothing of a cut, so its frames are followed on the way."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._frames = _Frames(file, limits)
        self._stream = zstandard.ZstdDecompressor(max_window_size=limits.zstd_window).stream_reader(
            self._frames,  # type: ignore[arg-type]
            read_across_frames=True,
        )

    def read(self, count: int) -> bytes:
        try:
            data = self._stream.read1(count)
        except zstandard.ZstdError:
            data = b""
            if self._frames.trouble is None:
                self._frames.refuse(Code.BAD_CONTAINER)
        if not data:
            self._frames.assert_ended()
        return data


class _Frames:
    """A file of zstd frames, given on as it is as far as it holds frames; and whether the last one has ended."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._file = file
        self._most = limits.zstd_window
        self._read = 0
        self._held = b""
        self._passing = 0
        self._in_frame = False
        self._last = False
        self._check = 0
        # No exception is kept here: its traceback would hold the stream, and the stream this, for ever.
        self.trouble: tuple[Code, str] | None = None

    def read(self, count: int) -> bytes:
        """Up to `count` bytes of frames; none after the end, and none from where no frame is."""
        if self.trouble is not None:
            return b""
        # A block at a time, so that damage in one does not cost those before it.
        data = self._file.read(min(count, self._passing or _LONGEST_HEADER))
        self._read += len(data)
        at = 0
        while at < len(data):
            if self._passing:
                step = min(self._passing, len(data) - at)
                self._passing -= step
                at += step
                continue
            before = len(self._held)
            held = self._held + data[at : at + _LONGEST_HEADER]
            used = self._follow(held)
            if used is None:  # it needs more to say what this is
                self._held = held
                at += len(held) - before
            elif used < 0:
                self.refuse(Code.BAD_CONTAINER if used == -1 else Code.TOO_MUCH_MEMORY, len(data) - at + before)
                return data[:at]
            else:
                self._held = b""
                # What follows a header may already have been looked at together with it.
                at += used - before
        return data

    def _follow(self, held: bytes) -> int | None:
        """Bytes of the header that begins here, None when it is not all there, -1 and -2 where it is refused."""
        if self._in_frame:
            if len(held) < 3:
                return None
            told = int.from_bytes(held[:3], "little")
            self._passing = 1 if told >> 1 & 3 == 1 else told >> 3
            if told & 1:
                self._passing += self._check
                self._in_frame = False
            return 3
        if len(held) < 4:
            return None
        if held.startswith(_SKIPPED):
            if len(held) < 8:
                return None
            self._passing = int.from_bytes(held[4:8], "little")
            return 8
        if not held.startswith(_ZSTD):
            return -1
        if len(held) < 5:
            return None
        told = held[4]
        single = told >> 5 & 1
        length = 5 + (1 - single) + (0, 1, 2, 4)[told & 3] + ((1 if single else 0), 2, 4, 8)[told >> 6]
        if len(held) < length:
            return None
        try:
            window = zstandard.get_frame_parameters(held[:length]).window_size
        except zstandard.ZstdError:
            return -1
        if window > self._most:
            return -2
        self._in_frame, self._check = True, 4 if told >> 2 & 1 else 0
        return length

    def refuse(self, code: Code, before: int = 0) -> None:
        """Nothing from here on is given."""
        self.trouble = (code, f"packed byte {self._read - before}")

    def assert_ended(self) -> None:
        """Raise Trouble unless the stream ended where a frame did."""
        if self.trouble is not None:
            raise Trouble(*self.trouble)
        if self._in_frame or self._passing or self._held:
            raise Trouble(Code.BAD_CONTAINER, f"packed byte {self._read}")


class Exceeded(Exception):
    """A stream gives more than its pool has."""


class Bounded:
    """A stream that gives no more than its pool has, whatever its headers say."""

    def __init__(self, stream: Reads, pool: Pool, file: BinaryIO | None = None) -> None:
        """`file` is the stream itself where it is no packed one."""
        self._stream = stream
        self._file = file
        self._pool = pool
        self._ahead = b""
        self._at = 0
        self._ended = False
        self.given = 0
        """Bytes that were read so far."""

    def peek(self, count: int) -> bytes:
        """The next bytes, which the next read gives again; fewer at the end. Not more than a piece."""
        while len(self._ahead) - self._at < count and not self._ended:
            part = self._stream.read(_PIECE)
            self._ended = not part
            self._ahead, self._at = self._ahead[self._at :] + part, 0
        return self._ahead[self._at : self._at + count]

    def read(self, count: int) -> bytes:
        """`count` bytes; fewer only where the stream ends."""
        end = self._at + count
        if end <= len(self._ahead):
            data = self._ahead[self._at : end]
            self._at = end
        else:
            parts = [self._ahead[self._at :]]
            self._ahead, self._at = b"", 0
            wanted = count - len(parts[0])
            self._take(len(parts[0]))
            while wanted > 0 and not self._ended:
                part = self._stream.read(max(_PIECE, min(wanted, 2**20)))
                self._ended = not part
                if len(part) > wanted:
                    self._ahead, self._at = part, wanted
                    part = part[:wanted]
                wanted -= len(part)
                self._take(len(part))
                parts.append(part)
            return b"".join(parts)
        self._take(count)
        return data

    def pieces(self, count: int) -> Iterator[bytes]:
        """`count` bytes, a piece at a time."""
        while count > 0 and (part := self.read(min(count, _PIECE))):
            count -= len(part)
            yield part

    def skip(self, count: int) -> int:
        """Go on by `count` bytes without keeping them; how many there were."""
        left = count
        ahead = len(self._ahead) - self._at
        if self._file is not None and left > ahead + _PIECE:
            # A file is gone on in, as far as it reaches.
            here = self._file.tell()
            there = min(here + left - ahead, self._file.seek(0, io.SEEK_END))
            self._file.seek(there)
            self._ahead, self._at = b"", 0
            self.given += ahead + there - here
            left -= ahead + there - here
        while left > 0 and (part := self.read(min(left, _PIECE))):
            left -= len(part)
        return count - left

    def _take(self, count: int) -> None:
        self.given += count
        if not self._pool.give(count):
            raise Exceeded
