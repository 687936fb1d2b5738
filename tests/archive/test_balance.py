"""Every container balances: what it announces is what is read, or it is told, with its place, what is missing."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from analyser.archive.quarantine import Code
from tests.archive.build import document, read
from tests.fuzz import balance

_DOCUMENTS = [document(oid=f"1.2.3.{number}").encode() for number in range(6)]


def tar(numbers: range | list[int] = range(6), form: int = tarfile.USTAR_FORMAT, *extra: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as packed:
        for info in extra:
            packed.addfile(info, io.BytesIO(b"x" * info.size))
        for number in numbers:
            info = tarfile.TarInfo(f"{number}.xml")
            info.size = len(_DOCUMENTS[number])
            packed.addfile(info, io.BytesIO(_DOCUMENTS[number]))
    return buffer.getvalue()


def zipped(numbers: range | list[int] = range(6), method: int = zipfile.ZIP_DEFLATED, name: str = "{}.xml") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for number in numbers:
            packed.writestr(zipfile.ZipInfo(name.format(number)), _DOCUMENTS[number], method)
    return buffer.getvalue()


def _header(place: int, whole: bytes) -> int:
    """Where the header of the member of this number stands in a tar."""
    at = 0
    for _ in range(place):
        size = int(whole[at + 124 : at + 135], 8)
        at += 512 + size + -size % 512
    return at


def _put(whole: bytes, at: int, new: bytes) -> bytes:
    return whole[:at] + new + whole[at + len(new) :]


def _flipped(whole: bytes, at: int) -> bytes:
    return _put(whole, at, bytes((whole[at] ^ 1,)))


def summed(header: bytes) -> bytes:
    """A tar header with the checksum that it should have."""
    plain = header[:148] + b" " * 8 + header[156:512]
    return plain[:148] + b"%06o\0 " % sum(plain) + plain[156:] + header[512:]


def _sized(size: int, whole: bytes, place: int) -> bytes:
    """A tar in which a member says that it has so many bytes."""
    at = _header(place, whole)
    told = b"\x80" + size.to_bytes(11, "big")
    return whole[:at] + summed(_put(whole[at : at + 512], 124, told)) + whole[at + 512 :]


def _folder_with_bytes() -> bytes:
    whole = tar()
    at = _header(2, whole)
    return whole[:at] + summed(_put(whole[at : at + 512], 156, b"5")) + whole[at + 512 :]


def _end(whole: bytes) -> int:
    return whole.rfind(b"PK\x05\x06")


def _unlisted() -> bytes:
    """A zip whose directory lacks its third member."""
    whole = zipped()
    entries = [at for at in range(len(whole)) if whole.startswith(b"PK\x01\x02", at)]
    cut = whole[: entries[2]] + whole[entries[3] :]
    size = _end(whole) - entries[0] - (entries[3] - entries[2])
    return _put(_put(cut, _end(cut) + 12, struct.pack("<L", size)), _end(cut) + 8, struct.pack("<2H", 5, 5))


def _end_in_comment() -> bytes:
    whole = zipped()
    fake = b"PK\x05\x06" + bytes(18)
    return _put(whole, len(whole) - 2, struct.pack("<H", len(fake))) + fake


def _described() -> bytes:
    """A zip written to a stream: sizes stand behind the members."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, data in enumerate(_DOCUMENTS):
            with packed.open(f"{number}.xml", "w", force_zip64=bool(number % 2)) as member:
                member.write(data)
    return pipe.data


def _zeros_between(whole: bytes, place: int, blocks: int = 1) -> bytes:
    at = _header(place, whole)
    return whole[:at] + bytes(512 * blocks) + whole[at:]


def _skippable() -> bytes:
    return b"\x5e\x2a\x4d\x18" + struct.pack("<L", 700) + b"PK\x03\x04" * 175


def _halves(pack: Callable[[bytes], bytes]) -> bytes:
    whole = tar()
    return pack(whole[:3000]) + pack(whole[3000:])


def _cut(pack: Callable[[bytes], bytes], cut: int) -> bytes:
    return pack(tar()[:4096]) + pack(tar()[4096:])[:-cut]


def _old() -> bytes:
    """A tar as it was before it had a sign."""
    out = b""
    for number in range(6):
        one = tar([number])
        out += summed(one[:257] + bytes(243) + one[500:512]) + one[512:2048]
    return out + bytes(1024)


_JOINED = tar(range(3)) + tar(range(3, 6))
# Name, bytes, documents that are read, entries that are told.
_CASES: list[tuple[str, str, bytes, int, int]] = [
    ("joined", "x.tar", _JOINED, 6, 0),
    ("joined, gzip", "x.tar.gz", gzip.compress(tar(range(3))) + gzip.compress(tar(range(3, 6))), 6, 0),
    ("joined, zstd", "x.tar.zst", zstandard.compress(tar(range(3))) + zstandard.compress(tar(range(3, 6))), 6, 0),
    ("joined, xz", "x.tar.xz", lzma.compress(tar(range(3))) + bytes(4) + lzma.compress(tar(range(3, 6))), 6, 0),
    ("joined, bzip2", "x.tar.bz2", bz2.compress(tar(range(3))) + bz2.compress(tar(range(3, 6))), 6, 0),
    ("a member across two parts, gzip", "x.tgz", _halves(gzip.compress), 6, 0),
    ("a member across two frames, zstd", "x.tar.zst", _halves(zstandard.compress), 6, 0),
    ("frames that are passed over", "x.tar.zst", _skippable() + zstandard.compress(tar()) + _skippable(), 6, 0),
    ("zeros behind a gzip", "x.tar.gz", gzip.compress(tar()) + bytes(999), 6, 0),
    ("a block of zeros in the middle", "x.tar", _zeros_between(tar(), 3), 6, 0),
    ("an end in the middle", "x.tar", _zeros_between(tar(), 3, 20), 6, 0),
    ("a folder with bytes", "x.tar", _folder_with_bytes(), 6, 0),
    ("pax, names of 200 letters", "x.tar", tar(range(6), tarfile.PAX_FORMAT, tarfile.TarInfo("n" * 200 + "/")), 6, 0),
    ("gnu, names of 200 letters", "x.tar", tar(range(6), tarfile.GNU_FORMAT, tarfile.TarInfo("n" * 200 + "/")), 6, 0),
    ("without the sign", "x.tar", _old(), 6, 0),
    *(
        (f"bit flipped in the header of {n}, byte {at}", "x.tar", _flipped(tar(), _header(n, tar()) + at), 5, 1)
        for n in (0, 3, 5)
        for at in (0, 124, 150, 156, 257)
    ),
    ("bit flipped in a packed header", "x.tar.gz", gzip.compress(_flipped(tar(), _header(2, tar()))), 5, 1),
    ("garbage behind the end", "x.tar", tar() + b"garbage", 6, 1),
    ("garbage behind the end of a gzip", "x.tar.gz", gzip.compress(tar()) + b"garbage", 6, 1),
    ("garbage behind the end of a bzip2", "x.tar.bz2", bz2.compress(tar()) + b"garbage", 6, 1),
    ("garbage behind the end of a zstd", "x.tar.zst", zstandard.compress(tar()) + b"garbage", 6, 1),
    ("garbage between joined ones", "x.tar", tar(range(3)) + b"g" * 700 + tar(range(3, 6)), 6, 1),
    ("a byte too many", "x.tar", tar()[: _header(3, tar())] + b"?" + tar()[_header(3, tar()) :], 6, 1),
    ("cut between two members", "x.tar", tar()[: _header(3, tar())], 3, 1),
    ("cut in a header", "x.tar", tar()[: _header(3, tar()) + 99], 3, 1),
    ("size 2**70", "x.tar", _sized(2**70, tar(), 3), 5, 1),
    ("size 2**70, gzip", "x.tar.gz", gzip.compress(_sized(2**70, tar(), 3)), 5, 1),
    ("size larger than the rest", "x.tar", _sized(2**20, tar(), 3), 5, 1),
    ("cut in the second frame", "x.tar.zst", _cut(zstandard.compress, 20), 2, 1),
    ("cut after the first frame's magic", "x.tar.zst", zstandard.compress(tar()) + b"\x28\xb5\x2f", 6, 1),
    ("cut in the second part, gzip", "x.tar.gz", _cut(gzip.compress, 300), 2, 1),
    ("checksum of a gzip", "x.tar.gz", gzip.compress(tar())[:-8] + bytes(8), 6, 1),
    ("cut, xz", "x.tar.xz", lzma.compress(tar())[:-40], 6, 1),
    ("an end in the comment", "x.zip", _end_in_comment(), 6, 0),
    ("directory of size 0", "x.zip", _put(zipped(), _end(zipped()) + 12, bytes(4)), 6, 1),
    ("nothing announced, size 0", "x.zip", _put(zipped(), _end(zipped()) + 8, bytes(8)), 6, 2),
    ("an end that says nothing", "x.zip", _put(zipped(), _end(zipped()) + 8, bytes(12)), 0, 1),
    ("a count that lies", "x.zip", _put(zipped(), _end(zipped()) + 8, struct.pack("<2H", 2, 2)), 6, 1),
    ("named as folders", "x.zip", zipped(name="{}.xml/"), 6, 0),
    ("names with NUL", "x.zip", zipped(name="{}.xml").replace(b".xml", b"/\0.x"), 6, 0),
    ("a member that is not listed", "x.zip", _unlisted(), 5, 1),
    ("two joined", "x.zip", zipped(range(3)) + zipped(range(3, 6)), 3, 1),
    ("bytes before", "x.zip", b"#!/bin/sh\n" + zipped(), 6, 1),
    ("garbage behind", "x.zip", zipped() + b"garbage", 6, 1),
    ("zeros behind", "x.zip", zipped() + bytes(512), 6, 0),
    ("zeros behind, and garbage", "x.zip", zipped() + bytes(512) + b"garbage", 6, 1),
    ("empty", "x.tar", tar([]), 0, 0),
    ("empty, two blocks", "x.tar", bytes(1024), 0, 0),
    ("empty, gzip", "x.tar.gz", gzip.compress(tar([])), 0, 0),
    ("what a crash left of a full one", "x.tar", bytes(len(tar()) + 9000), 0, 1),
    ("one block of zeros", "x.tar", bytes(512), 0, 1),
    ("the first header is zeros", "x.tar", _put(tar(), 0, bytes(512)), 5, 2),
    ("sizes behind the members", "x.zip", _described(), 6, 0),
    ("stored", "x.zip", zipped(method=zipfile.ZIP_STORED), 6, 0),
    ("aligned by zeros", "x.zip", bytes(16) + zipped(), 6, 0),
    ("a listing that breaks off", "x.zip", _flipped(zipped(), zipped().rfind(b"PK\x01\x02")), 5, 2),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "documents", "told"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_what_does_not_balance_is_told_and_the_rest_is_read(
    tmp_path: Path, name: str, data: bytes, documents: int, told: int
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    inside = tmp_path / "outer.zip"
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as outer:
        outer.writestr(name, data)
    beside = tmp_path / "outer.tar"
    with tarfile.open(beside, "w") as other:
        other.add(tmp_path / "in" / name, name)
    for place in (tmp_path / "in", inside, beside):
        found = read(place)
        codes = [row["code"] for row in found["quarantine"]]
        assert (len(found["document"]), codes) == (documents, [Code.BAD_CONTAINER] * told)
        assert all(row["place"] or row["member"].endswith(".xml") for row in found["quarantine"])


@pytest.mark.parametrize("kind", [bytes([sign]) for sign in b"LKxgXVDS51ZNMA7\0"])
def test_a_header_that_lies_about_its_kind_loses_no_document_in_silence(kind: bytes) -> None:
    """A document that is taken for the name or the attributes of the next one is told, whatever it is padded to."""
    for form, long in ((tarfile.USTAR_FORMAT, False), (tarfile.GNU_FORMAT, True), (tarfile.PAX_FORMAT, True)):
        plain = balance._tar(form, long)
        heads = [at for at in range(0, len(plain), 512) if plain[at + 257 : at + 262] == b"ustar"]
        for at in (at for at in heads if plain[at + 156 : at + 157] == b"0"):
            size = int(plain[at + 124 : at + 135], 8)
            for said in (size, -(-size // 512) * 512):
                raw = bytearray(plain)
                raw[at + 124 : at + 136] = b"%011o\0" % said
                raw[at + 156 : at + 157] = kind
                raw[at + 148 : at + 156] = b" " * 8
                raw[at + 148 : at + 156] = b"%06o\0 " % sum(raw[at : at + 512])
                whole, changed, told = balance.tried("x.tar", bytes(raw))
                assert told or whole + changed == balance.WRITTEN, (form, at, said)
