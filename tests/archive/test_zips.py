"""A zip's directory, read in pieces from the file, is the one that the standard library reads as a whole."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analyser.archive.files.zipped import zip_member
from analyser.archive.files.zips import ZipDirectory
from analyser.archive.quarantine import Code, Trouble
from analyser.system.limits import Limits

_LIMITS = Limits()
Members = list[tuple[str, int, int, int, int, int]]


def packed(names: list[str], *, before: bytes = b"", comment: bytes = b"", wide: bool = False) -> bytes:
    file = io.BytesIO(before)
    with zipfile.ZipFile(file, "a" if before else "w", zipfile.ZIP_DEFLATED) as container:
        for number, name in enumerate(names):
            info = zipfile.ZipInfo(name)
            info.extra = b"UT\x05\x00\x01abcd" if number % 2 else b""
            with container.open(info, "w", force_zip64=wide) as member:
                member.write(b"x" * number)
        container.comment = comment
    return file.getvalue()


def by_library(data: bytes) -> Members | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return [
                (i.filename, i.header_offset, i.compress_size, i.file_size, i.CRC, i.compress_type)
                for i in container.infolist()
            ]
    except Exception:  # noqa: BLE001  whatever it raises, it does not read it
        return None


def by_pieces(data: bytes) -> tuple[Members | None, list[str]]:
    """The members, and the places where the file is not what its directory says."""
    try:
        directory = ZipDirectory(io.BytesIO(data), _LIMITS)
        return [(e.name.partition("\0")[0], *e[1:6]) for e in directory], directory.faults
    except Trouble as trouble:
        assert trouble.code in (Code.BAD_CONTAINER, Code.UNSUPPORTED_CONTAINER)
        return None, [trouble.code]


_NAMES = st.lists(st.text("aäл.%/\\0- ", min_size=1, max_size=12), max_size=6, unique=True)


# What stands before a zip begins with a letter: a memory file gives its first bytes to whoever seeks before them.
_BEFORE = st.binary(max_size=40).map(lambda data: data and b"#" + data)


@given(_NAMES, _BEFORE, st.binary(max_size=40), st.booleans(), st.data())
@example(["a.xml"], b"", b"", True, None)
def test_the_same_members_as_by_the_library_whatever_is_damaged(
    names: list[str], before: bytes, comment: bytes, wide: bool, data: st.DataObject | None
) -> None:
    whole = packed(names, before=before, comment=comment, wide=wide)
    found, faults = by_pieces(whole)
    if b"PK\x05\x06" in comment:  # the library takes a comment for the end
        assert found is not None
    else:
        assert found == by_library(whole)
    # What stands before a zip belongs to no member.
    assert bool(faults) == bool(before)
    if data is None:
        return
    damaged = bytearray(whole)
    # From the first directory entry on: what comes before is the members' own.
    first = max(whole.rfind(b"PK\x01\x02"), 0)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(first, len(whole) - 1))] = data.draw(st.sampled_from([0, 1, 8, 20, 64, 127, 255]))
    cut = data.draw(st.integers(0, 30)) if data.draw(st.booleans()) else 0
    torn = bytes(damaged[: len(damaged) - cut])
    found, faults = by_pieces(torn)
    assert faults or found == by_library(torn)


@given(_NAMES, st.booleans())
def test_members_in_memory_are_what_was_packed(names: list[str], wide: bool) -> None:
    data = packed(names, wide=wide)
    entries = list(ZipDirectory(io.BytesIO(data), _LIMITS))
    read = [zip_member(io.BytesIO(data), entry) for entry in entries]
    assert read == [(b"x" * number, None) for number in range(len(names))]


def test_a_directory_is_not_held_in_memory() -> None:
    def peak(count: int) -> int:
        data = packed([f"folder/member-{number:07}.xml" for number in range(count)])
        tracemalloc.start()
        assert sum(1 for _ in ZipDirectory(io.BytesIO(data), _LIMITS)) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    # Beyond the piece that is read at once, more members take no more memory.
    assert peak(30_000) < 1.5 * peak(15_000)


@pytest.mark.parametrize("reversed_order", [False, True])
def test_two_readings_of_the_same_bytes_are_told_in_any_order(*, reversed_order: bool) -> None:
    data = packed(["a", "b", "c"])
    entries = list(ZipDirectory(io.BytesIO(data), _LIMITS))
    assert ZipDirectory(io.BytesIO(data), _LIMITS).overlapping == frozenset()
    # The second entry points into the first member.
    first = data.index(b"PK\x01\x02")
    cut = [data[first + 47 * n + 9 * (n == 2) : first + 47 * (n + 1) + 9 * (n >= 1)] for n in range(3)]
    into_first = cut[1][:42] + (5).to_bytes(4, "little") + cut[1][46:]
    order = [cut[0], into_first, cut[2]]
    listed = b"".join(reversed(order) if reversed_order else order)
    forged = data[:first] + listed + data[first + len(listed) :]
    assert ZipDirectory(io.BytesIO(forged), _LIMITS).overlapping == {entries[0].offset}


def test_a_directory_larger_than_its_members_may_be_is_refused_unread() -> None:
    data = packed([f"member-{number}" for number in range(3_000)])
    with pytest.raises(Trouble) as refused:
        ZipDirectory(io.BytesIO(data), replace(_LIMITS, container_members=10))
    assert refused.value.code is Code.TOO_MANY_MEMBERS
