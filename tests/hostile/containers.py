"""Hostile containers: bombs, lies, links and names. All of them are small on disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import zstandard

from tests.archive.build import document
from tests.hostile.cases import Case, file

_MIB = 2**20
_ZEROS = zlib.compressobj(9, zlib.DEFLATED, -15)
# A mebibyte of spaces as a piece of a deflate stream that may be repeated any number of times.
_PIECE = _ZEROS.compress(b" " * _MIB) + _ZEROS.flush(zlib.Z_FULL_FLUSH)
_LAST = b"\x03\x00"


def _one(number: int) -> bytes:
    return document(oid=f"1.2.3.{number}").encode()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, data in members:
            packed.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def raw_zip(*members: tuple[bytes, bytes, int, int], method: int = 8) -> bytes:
    """A zip of members as (name, packed bytes, size it claims, checksum it claims)."""
    out, directory = io.BytesIO(), io.BytesIO()
    for name, packed, size, crc in members:
        place = out.tell()
        shared = struct.pack("<5H3L2H", 20, 0, method, 0, 33, crc, len(packed), size, len(name), 0)
        out.write(b"PK\x03\x04" + shared + name + packed)
        directory.write(b"PK\x01\x02\x14\x00" + shared + struct.pack("<3H2L", 0, 0, 0, 0, place) + name)
    start = out.tell()
    out.write(directory.getvalue())
    ends = struct.pack("<4H2LH", 0, 0, len(members), len(members), len(directory.getvalue()), start, 0)
    return out.getvalue() + b"PK\x05\x06" + ends


def tarred(*members: tuple[str, bytes], special: tarfile.TarInfo | None = None) -> bytes:
    """A tar of these members, and one more header."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
        if special is not None:
            packed.addfile(special)
    return buffer.getvalue()


def _special(kind: bytes, link: str = "", name: str = "odd.xml") -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.devmajor, info.devminor = kind, link, 1, 5
    return tarred(("good-inside.xml", _one(80)), special=info)


def bomb(mebibytes: int, name: bytes = b"bomb.xml") -> bytes:
    """A zip with one member of so many mebibytes of spaces; the checksum is never reached."""
    return raw_zip((name, _PIECE * mebibytes + _LAST, mebibytes * _MIB, 0))


def _many_bombs() -> bytes:
    piece = _PIECE * 50 + _LAST
    return raw_zip(*((b"%d.xml" % n, piece, 50 * _MIB, zlib.crc32(b" " * 50 * _MIB)) for n in range(40)))


def _nested_bombs() -> bytes:
    inner = zipped(*((f"{n}.zip", bomb(60)) for n in range(60)))
    return zipped(*((f"{n}.zip", inner) for n in range(60)))


def _gzip_of(mebibytes: int) -> bytes:
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + _PIECE * mebibytes + _LAST + b"\0" * 8


def _nested(times: int) -> bytes:
    data = _one(81)
    for _ in range(times):
        data = gzip.compress(data, mtime=0)
    return data


def _overlapping() -> bytes:
    """Two directory entries for one member's bytes, and one whose bytes hold the next member."""
    whole = bytearray(zipped(("a.xml", _one(1)), ("b.xml", _one(2)), method=zipfile.ZIP_STORED))
    first = whole.find(b"PK\x01\x02")
    second = whole.find(b"PK\x01\x02", first + 4)
    whole[second + 42 : second + 46] = whole[first + 42 : first + 46]
    return bytes(whole)


def _quoting() -> bytes:
    """A member whose bytes hold the whole next member: the more entries, the larger the sum."""
    inner = zipped(("b.xml", _one(2)), method=zipfile.ZIP_STORED)
    local = inner[: inner.find(b"PK\x01\x02")]
    out = raw_zip((b"a.xml", local, len(local), zlib.crc32(local)), (b"b.xml", _one(2), len(_one(2)), 0), method=0)
    whole = bytearray(out)
    second = whole.rfind(b"PK\x01\x02")
    struct.pack_into("<L", whole, second + 42, 30 + 5)
    return bytes(whole)


def _locked() -> bytes:
    whole = bytearray(zipped(("a.xml", _one(1)), ("b.xml", _one(2))))
    for place in (whole.find(b"PK\x03\x04") + 6, whole.find(b"PK\x01\x02") + 8):
        whole[place] |= 1
    return bytes(whole)


def _wrong_crc() -> bytes:
    whole = bytearray(zipped(("a.xml", _one(1)), ("b.xml", _one(2))))
    whole[whole.find(b"PK\x01\x02") + 16] ^= 1
    return bytes(whole)


def _zip64_lie() -> bytes:
    """A member that claims 2**60 bytes in its zip64 field."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(_one(1)) + packed.flush()
    extra = struct.pack("<HHQ", 1, 8, 2**60)
    shared = struct.pack("<5H3L2H", 45, 0, 8, 0, 33, 0, len(data), 0xFFFFFFFF, 5, len(extra))
    out = b"PK\x03\x04" + shared + b"a.xml" + extra + data
    entry = b"PK\x01\x02\x2d\x00" + shared + struct.pack("<3H2L", 0, 0, 0, 0, 0) + b"a.xml" + extra
    return out + entry + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, len(entry), len(out), 0)


def _zip64_end_lie() -> bytes:
    """A zip64 end record that points nowhere."""
    whole = zipped(("a.xml", _one(1)))
    at = whole.rfind(b"PK\x05\x06")
    record = b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, 2**62, 2**62, 2**62, 2**62)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, at, 1)
    ends = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return whole[:at] + record + locator + ends


def _linked() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        info = zipfile.ZipInfo("link.xml")
        info.external_attr = 0o120777 << 16
        packed.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def _sparse() -> bytes:
    """A sparse member of a tebibyte that takes two blocks."""
    info = tarfile.TarInfo("hole.xml")
    info.size = 512
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[156:157] = b"S"
    header[386:398], header[398:410] = b"00000000000\0", b"00000001000\0"
    header[483:495] = struct.pack(">B", 0x80) + (2**40).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + b" " * 512 + tarred(("good-inside.xml", _one(80)))


def _header(kind: bytes, size: int) -> bytes:
    info = tarfile.TarInfo("@LongLink")
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def _chain() -> bytes:
    return (_header(b"L", 10) + b"x".ljust(512, b"\0")) * 3000 + tarred(("a.xml", _one(1)))


def _long_name(kind: bytes, mebibytes: int) -> bytes:
    spaces = _PIECE * mebibytes
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packed.compress(_header(kind, mebibytes * _MIB)) + packed.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + head + spaces + _LAST + b"\0" * 8


def _window() -> bytes:
    parameters = zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=False, compression_level=1)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return packer.compress(tarred(("a.xml", _one(1)))) + packer.flush()


def _xz_window() -> bytes:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 2**20}]
    whole = bytearray(lzma.compress(tarred(("a.xml", _one(1))), filters=filters))
    whole[16] = 38  # the dictionary's size, 2 GiB, and the checksum of the header that says so
    struct.pack_into("<L", whole, 20, zlib.crc32(whole[12:20]))
    return bytes(whole)


_MAC = (
    ("a/", b""),
    ("a/a.xml", _one(1)),
    ("__MACOSX/a/._a.xml", b"\0\5\x16\7"),
    ("a/.DS_Store", b"\0\0\0\1Bud1"),
    ("a\\b\\", b""),
)
_NAMES = ("/etc/absolute.xml", "../../up.xml", "a\\b\\..\\c.xml", "line\nbreak\x1b[31m.xml", "\u202elmx.dne.xml")
_NAMED = tuple((name, _one(90 + number)) for number, name in enumerate(_NAMES))


def _case(name: str, of: str, data: bytes | Callable[[], bytes], *codes: str, documents: int = 0) -> Case:
    return Case("container", name, file(of, data), codes, documents)


CASES = [
    _case("bomb-of-2-gigabytes", "x.zip", lambda: bomb(2048), "too-large"),
    _case("bomb-below-the-size-limit", "x.zip", lambda: bomb(60), "bad-container"),
    _case("many-bombs", "x.zip", _many_bombs, "expansion", *["not-xml"] * 13),
    _case("a-bomb-that-lies-about-its-size", "x.zip", lambda: raw_zip((b"a.xml", _PIECE * 900 + _LAST, 500, 0)), "bad-container"),
    _case("nested-bombs", "x.zip", _nested_bombs, *["expansion"] * 120),
    _case("overlapping-entries", "x.zip", _overlapping, "overlapping-member", "overlapping-member"),
    _case("an-entry-around-the-next", "x.zip", _quoting, "overlapping-member", "bad-container"),
    _case("zip64-lie-about-a-size", "x.zip", _zip64_lie, "too-large"),
    _case("zip64-lie-about-the-directory", "x.zip", _zip64_end_lie, "bad-container"),
    _case("encrypted-member", "x.zip", _locked, "encrypted-member", documents=1),
    _case("wrong-checksum", "x.zip", _wrong_crc, "bad-container", documents=1),
    _case("wrong-checksum-inside", "x.zip", lambda: zipped(("in.zip", _wrong_crc())), "bad-container", documents=1),
    _case("one-name-twice", "x.zip", lambda: zipped(("a.xml", _one(1)), ("a.xml", _one(2))), documents=2),
    _case("a-link", "x.zip", _linked, "special-file"),
    _case("bzip2", "x.zip", lambda: zipped(("a.xml", _one(1)), method=zipfile.ZIP_BZIP2), "unsupported-compression"),
    _case("lzma-inside", "x.zip", lambda: zipped(("in.zip", zipped(("a.xml", _one(1)), method=zipfile.ZIP_LZMA))), "unsupported-compression"),
    _case("names", "x.zip", lambda: zipped(*_NAMED), documents=len(_NAMES)),
    _case("names-in-a-tar", "x.tar", lambda: tarred(*_NAMED), documents=len(_NAMES)),
    _case("a-name-of-60000-characters", "x.zip", lambda: zipped(("n" * 60_000, b"?")), "not-xml"),
    _case("a-member-without-a-name", "x.zip", lambda: raw_zip((b"", b"?", 1, zlib.crc32(b"?")), method=0), "not-xml"),
    _case("a-zip-cut-off", "x.zip", lambda: zipped(("a.xml", _one(1)))[:-30], "bad-container"),
    _case("a-zip-that-is-only-its-end", "x.zip", lambda: b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 9, 9, 900, 0, 0), "bad-container"),
    _case("a-folder-named-as-a-document", "x.zip", lambda: zipped(("a.xml/", b""), ("a.xml/b.xml", _one(1))), documents=1),
    _case("tar-symbolic-link", "x.tar", lambda: _special(tarfile.SYMTYPE, "/etc/passwd"), "special-file", documents=1),
    _case("tar-hard-link", "x.tar", lambda: _special(tarfile.LNKTYPE, "../../etc/passwd"), "special-file", documents=1),
    _case("tar-device", "x.tar", lambda: _special(tarfile.CHRTYPE), "special-file", documents=1),
    _case("tar-pipe", "x.tar", lambda: _special(tarfile.FIFOTYPE), "special-file", documents=1),
    _case("tar-sparse-tebibyte", "x.tar", _sparse, "sparse-member", documents=1),
    _case("tar-3000-long-names-in-a-row", "x.tar", _chain, documents=1),
    _case("tar-long-name-of-a-gigabyte", "x.tar.gz", lambda: _long_name(b"L", 1024), "bad-container", "expansion"),
    _case("tar-attributes-of-a-gigabyte", "x.tar.gz", lambda: _long_name(b"x", 1024), "bad-container", "expansion"),
    _case("tar-cut-off", "x.tar", lambda: tarred(("a.xml", _one(1)), ("b.xml", _one(2)))[:2600], "bad-container", documents=1),
    _case("gzip-of-4-gigabytes", "x.gz", lambda: _gzip_of(4096), "too-large"),
    _case("gzip-tar-without-end", "x.tar.gz", lambda: _long_name(b"0", 4096), "bad-container", "expansion"),
    _case("gzip-20000-times-nothing", "x.gz", lambda: gzip.compress(b"", mtime=0) * 20_000, "empty-file"),
    _case("gzip-wrong-checksum", "x.gz", lambda: gzip.compress(_one(1), mtime=0)[:-8] + b"\0" * 8, "bad-container"),
    _case("gzip-cut-off", "x.tar.gz", lambda: gzip.compress(tarred(("a.xml", _one(1))), mtime=0)[:-200], "bad-container"),
    _case("gzip-in-gzip-in-gzip", "x.gz", lambda: _nested(3), documents=1),
    _case("gzip-nested-beyond-the-limit", "x.gz", lambda: _nested(9), "nested-too-deep"),
    _case("zstd-of-4-gigabytes", "x.zst", lambda: zstandard.compress(b" " * 2**27) * 32, "too-large"),
    _case("zstd-with-a-window-of-a-gigabyte", "x.tar.zst", _window, "too-much-memory"),
    _case("zstd-cut-off", "x.tar.zst", lambda: zstandard.compress(tarred(("a.xml", _one(1))))[:-20], "bad-container"),
    _case("a-container-under-another-name", "x.xml", lambda: zipped(("a.xml", _one(1))), documents=1),
    _case("a-document-under-a-containers-name", "x.zip", _one(1), documents=1),
    _case("bzip2-stream", "x.tar.gz", lambda: bz2.compress(_one(1)), documents=1),
    _case("xz-that-wants-a-gigabyte", "x.tar.xz", _xz_window, "too-much-memory"),
    _case("7z", "x.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "unsupported-container"),
    _case("rar-inside", "x.zip", lambda: zipped(("x.rar", b"Rar!\x1a\x07\x01\0" + bytes(40))), "unsupported-container"),
    _case("what-a-mac-adds", "x.zip", lambda: zipped(*_MAC), documents=1),
]  # fmt: skip
