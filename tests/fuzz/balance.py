"""Nothing is lost in a damaged container: `python -m tests.fuzz.balance --archives N --seed S`.

An archive of a few documents is damaged; then every document that was written must have come out, whole or changed, or
something must have been told. Documents are counted as they leave the container, without being parsed: what becomes
of them then is the business of the other targets.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import io
import lzma
import random
import struct
import sys
import tarfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import zstandard

from analyser.archive.files.allowance import Pool
from analyser.archive.files.containers import reader_of
from analyser.system.limits import Limits

WRITTEN = 5
LIMITS = Limits(document_bytes=100_000, container_members=200, container_bytes=4_000_000, expansion_free=1_000_000)
_SLOW = 5.0
"""Seconds that no archive of a few kilobytes may take."""
_DOCUMENTS = [
    b'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.%d"/>%s</ClinicalDocument>' % (n, b"<x/>" * (40 + 57 * n))
    for n in range(WRITTEN)
]


@dataclass(slots=True)
class Figures:
    """What a run found."""

    archives: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    whole: int = 0
    """Archives all of whose documents came out as they were."""
    told: int = 0
    """Archives of which something was told."""
    balanced: int = 0
    """Archives of which documents and entries add up to at least the documents written."""
    without_trace: int = 0
    """Archives that lack a document and tell of nothing: none of its bytes are there."""
    lost: list[tuple[str, bytes]] = field(default_factory=list)
    """Archives of which a document was lost in silence, or that took too long."""
    slowest: float = 0.0


def _tar(form: int, long: bool) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as packed:
        for number, data in enumerate(_DOCUMENTS):
            info = tarfile.TarInfo(f"{'long' * 40 if long else 'd'}/{number}.xml")
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return buffer.getvalue()[: (len(buffer.getvalue()) // 512 - 8) * 512] + bytes(1024)


class _Pipe(io.RawIOBase):
    """A file that cannot be gone back in, so that sizes stand behind the members."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.data += data
        return len(data)


def _zip(method: int, *, wide: bool = False, piped: bool = False) -> bytes:
    file: io.BytesIO | _Pipe = _Pipe() if piped else io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as packed:
        for number, data in enumerate(_DOCUMENTS):
            with packed.open(zipfile.ZipInfo(f"d/{number}.xml"), "w", force_zip64=wide) as member:
                member.write(data)
    return bytes(file.data) if isinstance(file, _Pipe) else file.getvalue()


_TARS = (_tar(tarfile.USTAR_FORMAT, False), _tar(tarfile.PAX_FORMAT, True), _tar(tarfile.GNU_FORMAT, True))
_ZIPS = (
    _zip(zipfile.ZIP_STORED),
    _zip(zipfile.ZIP_DEFLATED),
    _zip(zipfile.ZIP_DEFLATED, wide=True),
    _zip(zipfile.ZIP_DEFLATED, piped=True),
    _zip(zipfile.ZIP_STORED, wide=True, piped=True),
)
_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, 1, mtime=0),
    "zst": zstandard.ZstdCompressor(level=1, write_checksum=True).compress,
    "xz": lambda data: lzma.compress(data, preset=0),
    "bz2": lambda data: bz2.compress(data, 1),
}


def _anywhere(chance: random.Random, data: bytearray) -> None:
    """Change bytes as a bad disk, a bad line or a bad tool does."""
    place = chance.randrange(len(data) + 1)
    length = chance.choice((1, 1, 2, 7, 512, 1024))
    match chance.randrange(9):
        case 0 | 1 | 2:
            data[place % len(data)] ^= 1 << chance.randrange(8)
        case 3:
            data[place : place + length] = chance.randbytes(length)
        case 4:
            del data[place : place + length]
        case 5:
            data[place:place] = bytes(length) if chance.random() < 0.5 else chance.randbytes(length)
        case 6:
            data[place : place + length] = bytes(min(length, len(data) - place))
        case 7:
            del data[place:]
        case _:
            data += chance.randbytes(length) if chance.random() < 0.5 else b"garbage"
    if not data:
        data += b"?"


def _lie_in_tar(chance: random.Random, data: bytearray) -> None:
    """Change a header and make its checksum right: what another tool, or somebody who means it, writes."""
    headers = [at for at in range(0, len(data), 512) if data[at + 257 : at + 262] == b"ustar"]
    at = chance.choice(headers)
    match chance.randrange(4):
        case 0:
            data[at + 124 : at + 136] = b"%011o\0" % chance.choice((0, 1, 511, 512, 5000, 2**20, 2**32))
        case 1:
            data[at + 124 : at + 136] = b"\x80" + (1 << chance.randrange(87)).to_bytes(11, "big")
        case 2:
            data[at + 156 : at + 157] = chance.choice(
                (b"5", b"1", b"2", b"L", b"x", b"g", b"S", b"V", b"D", b"Z", b"\0")
            )
        case _:
            data[at + chance.randrange(100)] = chance.randrange(256)
    data[at + 148 : at + 156] = b" " * 8
    data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + 512])


def _lie_in_zip(chance: random.Random, data: bytearray) -> None:
    """Change one field of the end or of a directory's entry."""
    end = data.rfind(b"PK\x05\x06")
    entries = [at for at in range(len(data)) if data.startswith(b"PK\x01\x02", at)]
    fields = ((end + 8, 2), (end + 10, 2), (end + 12, 4), (end + 16, 4), (end + 20, 2))
    if entries and chance.random() < 0.6:
        at = chance.choice(entries)
        fields = ((at + 8, 2), (at + 10, 2), (at + 20, 4), (at + 24, 4), (at + 28, 2), (at + 42, 4), (at + 46, 1))
    place, width = chance.choice(fields)
    before = int.from_bytes(data[place : place + width], "little")
    new = chance.choice(
        (0, 1, before + 1, max(0, before - 1), 2 * before, 256**width - 1, chance.randrange(256**width))
    )
    data[place : place + width] = (new % 256**width).to_bytes(width, "little")
    if chance.random() < 0.3:
        comment = chance.choice((b"PK\x05\x06" + bytes(18), b"PK\x03\x04", bytes(data[end:])))
        struct.pack_into("<H", data, len(data) - 2, len(comment))
        data += comment


def damaged(chance: random.Random) -> tuple[str, bytes, int]:
    """A name, a damaged archive of the documents, and how many of them its bytes still hold.

    What is cut out of a tar to the last byte of a block leaves no trace in it.
    """
    if chance.random() < 0.4:
        data = bytearray(chance.choice(_ZIPS))
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            (_lie_in_zip if chance.random() < 0.5 and b"PK\x05\x06" in data else _anywhere)(chance, data)
        return "x.zip", bytes(data), WRITTEN
    data = bytearray(chance.choice(_TARS))
    if chance.random() < 0.1:  # joined, or joined with an end in the middle
        half = data.find(b"ustar", len(data) // 2) - 257
        half = half if half % 512 == 0 else len(data)
        data[half:half] = bytes(512 * chance.choice((1, 2, 20)))
    packer = chance.choice((None, *_PACKERS))
    inside = packer is None or chance.random() < 0.3
    for _ in range(chance.choice((1, 1, 1, 2, 3)) if inside else 0):
        (_lie_in_tar if chance.random() < 0.5 and data[257:262] == b"ustar" and len(data) > 600 else _anywhere)(
            chance, data
        )
    held = sum(document in data for document in _DOCUMENTS)
    if packer is None:
        return "x.tar", bytes(data), held
    pack = _PACKERS[packer]
    cut = chance.randrange(len(data)) if chance.random() < 0.4 else len(data)
    packed = bytearray(pack(bytes(data[:cut])) + (pack(bytes(data[cut:])) if cut < len(data) else b""))
    for _ in range(0 if inside else chance.choice((1, 1, 2))):
        _anywhere(chance, packed)
    return f"x.tar.{packer}", bytes(packed), held


def tried(name: str, data: bytes) -> tuple[int, int, int]:
    """How many documents came out whole, how many changed members, and how many entries were told."""
    reader = reader_of(name, data)
    if reader is None:
        return 0, 0, 1  # the file as a whole is told, as what it is not
    given = [
        (member.data, member.trouble)
        for member in reader(io.BytesIO(data), LIMITS, Pool.of(len(data), LIMITS))
        if not member.folder
    ]
    held = {content for content, trouble in given if trouble is None}
    whole = sum(document in held for document in _DOCUMENTS)
    others = [content or b"" for content, trouble in given if trouble is None and content not in _DOCUMENTS]
    # What is no document from its first to its last byte is told by whoever parses it.
    changed = sum(other.startswith(b"<") and other.rstrip().endswith(b">") for other in others)
    told = sum(trouble is not None for _, trouble in given) + len(others) - changed
    return whole, changed, told


def run(archives: int, seed: int) -> Figures:
    """Damage so many archives, the same ones for the same seed."""
    chance = random.Random(seed)
    figures = Figures()
    for _ in range(archives):
        name, data, held = damaged(chance)
        began = time.perf_counter()
        whole, changed, told = tried(name, data)
        seconds = time.perf_counter() - began
        figures.archives += 1
        figures.by_kind[name] += 1
        figures.whole += whole == WRITTEN
        figures.told += told > 0
        figures.without_trace += whole + changed < WRITTEN and not told
        figures.balanced += whole + changed + told >= WRITTEN
        figures.slowest = max(figures.slowest, seconds)
        if (whole + changed < held and not told) or seconds > _SLOW:
            figures.lost.append((name, data))
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.balance")
    parser.add_argument("--archives", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"), help="where a breaking archive is written")
    chosen = parser.parse_args()
    figures = run(chosen.archives, chosen.seed)
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(figures.by_kind.items()))
    sys.stdout.write(
        f"balance: {figures.archives} damaged archives ({kinds}); all documents whole in {figures.whole}, "
        f"something told in {figures.told}, documents + entries ≥ written in {figures.balanced}, "
        f"slowest {figures.slowest:.2f} s, "
        f"cut out without a trace {figures.without_trace}, lost in silence: {len(figures.lost)}\n"
    )
    for number, (name, data) in enumerate(figures.lost[:20]):
        chosen.keep.mkdir(parents=True, exist_ok=True)
        (chosen.keep / f"{number}-{name}").write_bytes(data)
    return 1 if figures.lost else 0


if __name__ == "__main__":
    sys.exit(main())
