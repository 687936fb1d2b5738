"""Damage of every shape, in process: each byte offset, each moment of change, structures that Hypothesis thinks up."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser.archive.files.discover import shards, survey
from analyser.archive.files.entries import Shard, ShardEntry
from analyser.archive.quarantine import Code
from analyser.archive.shard import read_shard
from tests.archive.build import SETTINGS, content, document
from tests.fuzz.balance import run as damage
from tests.fuzz.targets import SEEDS, TARGETS


def test_a_document_cut_at_any_byte_is_named_and_never_fails_the_reader() -> None:
    whole = document().encode()
    entries = tuple(
        ShardEntry("s", f"m{length}", f"m{length}", "source", "member", length, data=whole[:length])
        for length in range(len(whole) + 1)
    )
    tables = read_shard(Shard(entries), SETTINGS)
    assert tables["member"].num_rows == len(entries)
    codes = tables["quarantine"].column("code").to_pylist()
    assert set(codes) == {Code.EMPTY_FILE, Code.MALFORMED_XML}
    assert len(codes) == len(whole)
    assert tables["document"].num_rows == 1


def _vanish(path: Path) -> None:
    path.unlink()


def _grow(path: Path) -> None:
    with path.open("ab") as opened:
        opened.write(b"\n")


def _touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def _become_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _become_a_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def _become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("name", ["one.xml", "one.zip", "one.tar.gz"])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_vanish, {Code.UNREADABLE}),
        (_grow, {Code.CHANGED}),
        (_touch, {Code.CHANGED}),
        (_become_a_pipe, {Code.SPECIAL_FILE}),
        (_become_a_link, {Code.SPECIAL_FILE}),
        (_become_a_folder, {Code.SPECIAL_FILE, Code.UNREADABLE}),
    ],
)
def test_a_file_that_changes_between_listing_and_reading_is_named(
    tmp_path: Path, name: str, change: Callable[[Path], None], expected: set[Code]
) -> None:
    import gzip
    import io
    import tarfile
    import zipfile

    raw = document().encode()
    if name.endswith("zip"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr("a.xml", raw)
        raw = buffer.getvalue()
    elif name.endswith("gz"):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            info = tarfile.TarInfo("a.xml")
            info.size = len(raw)
            tar.addfile(info, io.BytesIO(raw))
        raw = gzip.compress(buffer.getvalue())
    path = tmp_path / name
    path.write_bytes(raw)
    (tmp_path / "good.xml").write_text(document(oid="1.2.3.9"))
    listed = list(survey([tmp_path]))
    change(path)
    found = [read_shard(shard, SETTINGS) for shard in shards(iter(listed), SETTINGS)]
    codes = {code for tables in found for code in tables["quarantine"].column("code").to_pylist()}
    assert codes & expected
    assert codes <= expected | {Code.BAD_CONTAINER}
    assert "1.2.3.9" in [oid for tables in found for oid in tables["document"].column("oid").to_pylist()]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(["2025-01-17", "24", "1.2.3"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@st.composite
def _bent(draw: st.DrawFn) -> Any:
    """A good content in which one value anywhere is another, or stands twice."""
    whole = content()
    place: Any = whole
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inner = place[key]
        if isinstance(inner, dict | list) and inner and draw(st.booleans()):
            place = inner
            continue
        place[key] = draw(_JSON)
        return whole


@settings(max_examples=60, deadline=None)
@given(_bent(), st.integers(0, 5))
def test_any_value_in_any_place_of_a_content_ends_in_rows_or_a_reason(bent: Any, group: int) -> None:
    TARGETS["content"](bytes([group]) + json.dumps(bent).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_seed_and_every_input_that_once_broke_a_parser_holds(target: str) -> None:
    seeds = sorted((SEEDS / target).iterdir())
    assert seeds
    for seed in seeds:
        TARGETS[target](seed.read_bytes())


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_bytes_in_any_place_of_any_seed_break_no_invariant(data: st.DataObject) -> None:
    target = data.draw(st.sampled_from(sorted(TARGETS)))
    seed = bytearray(data.draw(st.sampled_from(sorted((SEEDS / target).iterdir()))).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(seed)))
        seed[place : place + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    TARGETS[target](bytes(seed))


def test_no_document_of_a_damaged_archive_is_lost_in_silence() -> None:
    figures = damage(3_000, seed=1)
    assert not figures.lost, [name for name, _ in figures.lost]
    # Damage is damage: most of it is told, and of what is told most adds up document by document.
    assert figures.told > 2_000
    assert figures.without_trace < 10
