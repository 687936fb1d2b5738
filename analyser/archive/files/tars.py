"""Tar streams, read so that every byte is accounted for: header, member, padding, or the zeros at the end.

The standard library stops without a word at the first header that it cannot read, at a block of zeros and after the
first end, and what lies behind is lost. Here a block that is none of these is told with its place, and reading goes on
at the next header whose checksum holds; archives that were joined are read to their real end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from analyser.archive.files.allowance import Pool
from analyser.archive.files.packed import Bounded
from analyser.archive.files.spill import Data, size_of
from analyser.archive.quarantine import Code

BLOCK = 512
_ZEROS = bytes(BLOCK)
# A header that carries a name or attributes of the next one; nothing that belongs there is longer.
_HEADER_BYTES = 2**20
_BLANK = b" " * 8
_SIGN = 257
# Bytes that are searched at once for the next header.
_PIECE = 2**17
_FOLDER, _SPARSE, _LISTING, _LABEL = b"5", b"S", b"D", b"V"
_LONG_NAME, _LONG_LINK = b"L", b"K"
_ATTRIBUTES, _COMMON = (b"x", b"X"), b"g"
# Links, devices and pipes: they have no bytes of their own, whatever their size says.
_SPECIAL = frozenset({b"1", b"2", b"3", b"4", b"6"})


class TarPart(NamedTuple):
    """A member, or what is no member and is told: name, bytes, the reason when there are none, and the place."""

    name: str
    data: Data | None
    trouble: Code | None = None
    place: str | None = None
    folder: bool = False


@dataclass(slots=True)
class _Header:
    name: str
    kind: bytes
    size: int | None
    more: bool
    """A sparse member's map goes on in the next block."""


@dataclass(slots=True)
class _Told:
    """What headers before a member said of it."""

    at: int | None = None
    name: str | None = None
    size: int | None = None
    sparse: bool = False


@dataclass(slots=True)
class _Reading:
    """Where reading is."""

    ended: bool = False
    """Zeros were the last that was read."""
    lost: bool = False
    """The last block was no header, and that has been told."""
    over: bool = False
    """Nothing more is read."""
    told: _Told = field(default_factory=_Told)


def is_tar(head: bytes) -> bool:
    """Whether the bytes begin as a tar does: by its sign, or by a checksum that holds."""
    if head[257:262] == b"ustar":
        return True
    # Nearly all that is asked about is XML: no digits where a checksum stands.
    return head[148:149] in (b"0", b" ") and len(head) >= BLOCK and _header(head[:BLOCK]) is not None


class Keeping(Protocol):
    """What becomes of the bytes of members."""

    def take(self, stream: Bounded, size: int) -> Data | None:
        """The bytes of the member that begins here; nothing, and the stream where it was, when they are too many."""


def tar_parts(stream: Bounded, length: int | None, keeping: Keeping, pool: Pool) -> Iterator[TarPart]:
    """Everything of a tar in its order; `length` are its bytes where they are known. Raises Trouble and Exceeded."""
    state = _Reading()
    while True:
        if state.lost:
            _search(stream)
        at = stream.given
        block = stream.peek(BLOCK)
        if block == _ZEROS:
            if state.told.at is not None:
                yield _bad(state.told.at)
                state.told = _Told()
            state.ended, state.lost = True, False
            stream.skip(BLOCK)
            continue
        header = _header(block) if len(block) == BLOCK else None
        if header is None:
            if block.strip(b"\0"):
                if not state.lost:
                    yield _bad(at)
                state.lost, state.told = True, _Told()
            if len(block) < BLOCK:
                stream.skip(len(block))
                break
            stream.skip(1)  # the next header may begin anywhere
            continue
        stream.skip(BLOCK)
        state.ended = state.lost = False
        yield from _member(header, at, stream, length, keeping, pool, state)
        if state.over:
            return
    if state.told.at is not None or not (state.ended or state.lost):
        # A tar ends with a block of zeros. One cut between two members lacks it, and looks whole otherwise.
        yield _bad(stream.given)


def _bad(at: int, name: str = "") -> TarPart:
    return TarPart(name, None, Code.BAD_CONTAINER, f"byte {at}")


def _member(
    header: _Header,
    at: int,
    stream: Bounded,
    length: int | None,
    keeping: Keeping,
    pool: Pool,
    state: _Reading,
) -> Iterator[TarPart]:
    told = state.told
    name = header.name if told.name is None else told.name
    kind = header.kind
    describes = kind in (_LONG_NAME, _LONG_LINK, _COMMON, *_ATTRIBUTES)
    size = header.size if told.size is None or describes else told.size
    left = pool.left if length is None else length - stream.given
    if size is None or size > left or (describes and size > _HEADER_BYTES):
        # No stream holds so much: a lie or a cut. What follows is searched for the next header.
        yield _bad(at, "" if describes else name)
        state.told, state.lost = _Told(), True
        return
    if describes:
        yield from _describe(kind, at, size, stream, state)
        return
    state.told = _Told()
    if kind == _SPARSE:
        more = header.more
        while more:
            map_block = stream.read(BLOCK)
            more = len(map_block) == BLOCK and map_block[504] != 0
    no_file = kind in _SPECIAL or kind in (_FOLDER, _LABEL) or (size == 0 and name.endswith(("/", "\\")))
    empty = no_file and not _has_bytes(stream, size)
    listing = kind == _LISTING and not stream.peek(1).startswith(b"<")
    if listing or (empty and kind not in _SPECIAL):
        yield TarPart(name, None, folder=True)
        yield from _over(stream, 0 if empty else size, name, state)
        return
    if not pool.member():
        yield TarPart("", None, Code.TOO_MANY_MEMBERS)
        state.over = True
        return
    if kind in _SPECIAL:
        yield TarPart(name, None, Code.SPECIAL_FILE)
        yield from _over(stream, 0 if empty else size, name, state)
    elif kind == _SPARSE or told.sparse:
        yield TarPart(name, None, Code.SPARSE_MEMBER)
        yield from _over(stream, size, name, state)
    elif (content := keeping.take(stream, size)) is None:
        yield TarPart(name, None, Code.TOO_LARGE)
        yield from _over(stream, size, name, state)
    elif size_of(content) < size:
        yield _bad(at, name)
        state.lost = True
    else:
        stream.read(-size % BLOCK)
        yield TarPart(name, content)


def _has_bytes(stream: Bounded, size: int) -> bool:
    """Whether a member that needs none has bytes all the same: some writers note a size and write nothing."""
    if size == 0:
        return False
    following = stream.peek(BLOCK)
    return bool(following.strip(b"\0")) and _header(following) is None


def _over(stream: Bounded, size: int, name: str, state: _Reading) -> Iterator[TarPart]:
    at = stream.given
    padded = size + -size % BLOCK
    if stream.skip(padded) < size:
        yield _bad(at, name)
        state.lost = True


def _describe(kind: bytes, at: int, size: int, stream: Bounded, state: _Reading) -> Iterator[TarPart]:
    """A header with the long name or the attributes of the next one."""
    content = stream.read(size)
    stream.read(-size % BLOCK)
    told = state.told
    named = told.name
    if kind != _COMMON and told.at is None:
        told.at = at
    if len(content) < size:
        yield _bad(at)
        state.told, state.lost = _Told(), True
    elif kind in (_LONG_NAME, _LONG_LINK):
        ended = content.endswith(b"\0")
        lines = b"\n" in content or b"<" in content
        if b"\0" in content.rstrip(b"\0") or (not ended and lines) or (b"<" in content and b">" in content):
            yield _bad(at)  # no name, or more than one: a document is in it
        elif kind == _LONG_NAME:
            told.name = _text(content)
    elif not _attributes(content, told if kind in _ATTRIBUTES else _Told()):
        yield _bad(at)
    if named is not None and state.told is told and told.name != named:
        yield _bad(at)  # a name for a name: what bore the first one did not come


def _attributes(content: bytes, told: _Told) -> bool:
    """Read `length key=value` records; False when they are none."""
    at = 0
    content = content.rstrip(b"\0")
    while at < len(content):
        digits, _, _ = content[at : at + 20].partition(b" ")
        if not digits.isdigit():
            return False
        end = at + int(digits)
        key, sign, value = content[at + len(digits) + 1 : end - 1].partition(b"=")
        if not sign or end > len(content) or content[end - 1 : end] != b"\n":
            return False
        if key == b"path":
            told.name = _text(value)
        elif key == b"size":
            if not value.isdigit() or len(value) > 24:
                return False
            told.size = int(value)
        elif key.startswith(b"GNU.sparse"):
            told.sparse = True
        at = end
    return True


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _number(raw: bytes) -> int | None:
    """A number as tar writes it: octal digits, or for large ones its bytes after a sign."""
    if raw[0] in (0x80, 0xFF):
        return int.from_bytes(raw[1:], "big") if raw[0] == 0x80 else None
    digits = raw.partition(b"\0")[0].strip(b" ")
    if not digits:
        return 0
    try:
        return int(digits, 8) if digits.isdigit() else None
    except ValueError:
        return None


def _header(block: bytes) -> _Header | None:
    """The header that a block is, None when it is none: when its checksum does not hold."""
    if len(block) < BLOCK:
        return None
    checksum = _number(block[148:156])
    if not checksum:
        return None
    plain = sum(block) - sum(block[148:156]) + sum(_BLANK)
    if plain != checksum:
        # Some writers have summed up bytes with a sign.
        signed = plain - 256 * sum(byte > 127 for byte in block[:148] + block[156:])
        if signed != checksum:
            return None
    name = _text(block[:100])
    kind = block[156:157]
    if block[257:263] == b"ustar\0" and block[345]:
        name = f"{_text(block[345:500])}/{name}"
    return _Header(name, kind, _number(block[124:136]), block[482] != 0)


def _search(stream: Bounded) -> None:
    """Go on to the next header, wherever it stands, without a look at each block; to the end when there is none."""
    while True:
        piece = stream.peek(_PIECE)
        place = _SIGN
        while (place := piece.find(b"ustar", place)) >= 0:
            start = place - _SIGN
            if _header(piece[start : start + BLOCK]) is not None:
                stream.skip(start)
                return
            place += 1
        if len(piece) < _PIECE:
            stream.skip(len(piece))
            return
        stream.skip(len(piece) - BLOCK + 1)  # a header may begin here and end in the next piece
