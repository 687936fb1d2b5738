"""Containers are read in every kind and nesting; hostile ones end in quarantine, and what was sound is kept."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser.archive.files.discover import survey
from analyser.archive.quarantine import Code
from analyser.messages.errors import UsageError
from analyser.system.limits import Limits
from tests.archive.build import NATIONAL, SETTINGS, codes, document, frame, read

_ONE, _TWO = document(oid="1.2.3.1").encode(), document(oid="1.2.3.2").encode()


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return buffer.getvalue()


def _tar(*members: tuple[str, bytes], links: bool = False) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
        if links:
            info = tarfile.TarInfo("link.xml")
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/hostname"
            packed.addfile(info)
    return buffer.getvalue()


_PAIR = (("a/one.xml", _ONE), ("b/two.xml", _TWO))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.zip", _zip(*_PAIR)),
        ("x.zip", _zip(*_PAIR, method=zipfile.ZIP_STORED)),
        ("x.tar", _tar(*_PAIR)),
        ("x.tar.gz", gzip.compress(_tar(*_PAIR))),
        ("x.tgz", gzip.compress(_tar(*_PAIR))),
        ("x.tar.zst", zstandard.compress(_tar(*_PAIR))),
        ("named-as-nothing", _zip(*_PAIR)),
        ("x.zip", _zip(("inner.tar.gz", gzip.compress(_tar(*_PAIR))))),
        ("x.tar", _tar(("inner.zip", _zip(("deeper.tar", _tar(*_PAIR)))))),
    ],
)
def test_every_kind_of_container_gives_its_documents(tmp_path: Path, name: str, data: bytes) -> None:
    folder = tmp_path / "in" / "side"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(data)
    for source in (tmp_path / "in", folder / name):
        found = read(source)
        assert sorted(row["oid"] for row in found["document"]) == ["1.2.3.1", "1.2.3.2"]
        assert codes(found) == []


def test_a_container_is_noted_as_read_only_after_its_members(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(_zip(*_PAIR))
    outcomes = [row["outcome"] for row in read(tmp_path / "x.zip")["member"]]
    assert outcomes == ["document", "document", "container"]


@pytest.mark.parametrize("name", ["cut.zip", "cut.tar", "cut.tar.gz", "cut.tar.zst"])
def test_a_container_cut_anywhere_never_raises_and_never_disappears(tmp_path: Path, name: str) -> None:
    packer = {"cut.zip": lambda: _zip(*_PAIR), "cut.tar": lambda: _tar(*_PAIR)}
    packer["cut.tar.gz"] = lambda: gzip.compress(_tar(*_PAIR))
    packer["cut.tar.zst"] = lambda: zstandard.compress(_tar(*_PAIR))
    whole = packer[name]()
    path = tmp_path / name
    for length in range(1, len(whole) - 1, max(1, len(whole) // 60)):
        path.write_bytes(whole[:length])
        found = read(path)
        assert found["quarantine"] or found["document"]


def test_an_encrypted_member_a_link_and_a_bomb_are_set_aside_and_the_rest_is_read(tmp_path: Path) -> None:
    locked = bytearray(_zip(*_PAIR))
    for place in (locked.find(b"PK\x03\x04") + 6, locked.find(b"PK\x01\x02") + 8):
        locked[place] |= 1
    (tmp_path / "locked.zip").write_bytes(bytes(locked))
    (tmp_path / "links.tar").write_bytes(_tar(*_PAIR, links=True))
    found = read(tmp_path)
    assert codes(found) == [Code.ENCRYPTED_MEMBER, Code.SPECIAL_FILE]
    assert len(found["document"]) == 3

    bounded = replace(SETTINGS, limits=Limits(expansion=2, expansion_free=100_000))
    for name, data in (("b.zip", _zip(("z", b"<a>" + b" " * 10**6))), ("b.gz", gzip.compress(b" " * 10**6))):
        (tmp_path / name).write_bytes(data)
        assert codes(read(tmp_path / name, settings=bounded)) == [Code.EXPANSION]


def test_a_member_with_another_checksum_is_set_aside(tmp_path: Path) -> None:
    raw = bytearray(_zip(*_PAIR, method=zipfile.ZIP_STORED))
    raw[raw.find(b"urn:hl7-org")] ^= 1
    (tmp_path / "x.zip").write_bytes(bytes(raw))
    assert codes(read(tmp_path / "x.zip")) == [Code.BAD_CONTAINER]


def test_containers_nested_without_end_stop_at_the_limit(tmp_path: Path) -> None:
    data = _zip(*_PAIR)
    for _ in range(8):
        data = _zip(("again.zip", data))
    (tmp_path / "x.zip").write_bytes(data)
    assert codes(read(tmp_path / "x.zip")) == [Code.NESTED_TOO_DEEP]


def test_names_that_point_outside_or_carry_escapes_are_only_names(tmp_path: Path) -> None:
    names = ("../../outside.xml", "/absolute.xml", "new\nline.xml", "\x1b[31mred.xml", f"{NATIONAL}.xml")
    (tmp_path / "x.tar").write_bytes(_tar(*((name, _ONE) for name in names)))
    before = sorted(path.name for path in tmp_path.parent.iterdir())
    shown = [row["member"] for row in read(tmp_path / "x.tar")["member"]]
    assert sorted(path.name for path in tmp_path.parent.iterdir()) == before
    assert all(name.isprintable() for name in shown)
    assert not any(NATIONAL in name for name in shown)


def test_two_members_of_one_name_are_two_members(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(_tar(("same.xml", _ONE), ("same.xml", _TWO)))
    assert len(read(tmp_path / "x.tar")["document"]) == 2


def test_links_pipes_and_empty_files_in_a_folder_are_named(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link.xml").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty.xml").write_bytes(b"")
    (tmp_path / "good.xml").write_bytes(_ONE)
    found = read(tmp_path)
    assert codes(found) == [Code.EMPTY_FILE, Code.SPECIAL_FILE, Code.SPECIAL_FILE, Code.SPECIAL_FILE]
    assert len(found["document"]) == 1


def test_a_source_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        list(survey([tmp_path / "nowhere"]))


_SEEDS = (
    ("a.xml", document().encode()),
    ("a.xml", frame().encode()),
    ("a.xml", document().encode("utf-16")),
    ("a.zip", _zip(*_PAIR)),
    ("a.bin", _zip(*_PAIR)),
    ("a.bin", _zip(*_PAIR, method=zipfile.ZIP_LZMA)),
    ("a.tar", _tar(*_PAIR)),
    ("a.tar.gz", gzip.compress(_tar(*_PAIR))),
    ("a.tar.zst", zstandard.compress(_tar(*_PAIR))),
)


@settings(max_examples=300, deadline=None)
@given(
    seed=st.sampled_from(_SEEDS),
    cuts=st.lists(st.tuples(st.floats(-1, 1), st.binary(max_size=6), st.integers(0, 20)), min_size=1, max_size=4),
)
def test_damage_of_any_kind_ends_in_rows_or_in_quarantine(
    tmp_path_factory: pytest.TempPathFactory, seed: tuple[str, bytes], cuts: list[tuple[float, bytes, int]]
) -> None:
    name, raw = seed
    for place, put, drop in cuts:
        # Headers and directories stand at the ends: half of the damage goes to the last tenth.
        at = int(place * len(raw)) if place >= 0 else len(raw) + int(place * len(raw) / 10)
        raw = raw[:at] + put + raw[at + drop :]
    path = tmp_path_factory.mktemp("damage") / name
    path.write_bytes(raw)
    found = read(path)
    assert found["member"]
    assert Code.READER_FAILED not in codes(found)
