"""Containers are opened within bounds: of time, wherever they are opened, and of memory, whatever they hold."""

from __future__ import annotations

import gzip
import io
import multiprocessing
import os
import signal
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyser.archive import shard as shard_module
from analyser.archive.files import containers, discover, listed
from analyser.archive.files.discover import shards, survey
from analyser.archive.quarantine import Code
from analyser.archive.shard import read_shard
from analyser.ingest.isolated_reader import Opener
from analyser.system.limits import Limits
from tests.archive.build import SETTINGS, codes, document, read

_DOCUMENTS = [document(oid=f"1.2.3.{number}").encode() for number in range(3)]


def _tar(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return buffer.getvalue()


_NAMED = [(f"{number}.xml", data) for number, data in enumerate(_DOCUMENTS)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.zip", _zip(("in.zip", _zip(*_NAMED)))),
        ("x.zip", _zip(("in.zip", _zip(*_NAMED)), method=zipfile.ZIP_STORED)),
        ("x.zip", _zip(("in.tar", _tar(("deeper.zip", _zip(*_NAMED)))))),
        ("x.tar", _tar(("in.zip", _zip(*_NAMED)))),
        ("x.tar.gz", gzip.compress(_tar(("in.tar.gz", gzip.compress(_tar(*_NAMED)))))),
        ("x.gz", gzip.compress(_zip(("in.tar", _tar(*_NAMED))))),
        ("x.dat", _zip(*_NAMED)),
    ],
)
def test_a_large_container_inside_another_goes_through_a_private_file_that_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes
) -> None:
    used = []
    for module in (containers, listed):
        monkeypatch.setattr(module, "HELD", 500)
    monkeypatch.setattr(containers, "_PEEKED", 500)
    folder = tmp_path / "overflow"
    for module in (containers, shard_module):
        through = module.Spilled
        monkeypatch.setattr(module, "size_of", lambda given, through=through: _noted(used, given, through, folder))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    found = read(tmp_path / "in", settings=replace(SETTINGS, overflow=folder))
    assert codes(found) == []
    assert len(found["document"]) == 3
    assert used
    assert not folder.exists() or not [*folder.iterdir()]


def _noted(used: list[Any], given: Any, through: type, folder: Path) -> int:
    if isinstance(given, through):
        used.append(given)
        if given.own and Path(given.path).exists():
            assert Path(given.path).parent == folder
            assert Path(given.path).stat().st_mode & 0o777 == 0o600
            assert folder.stat().st_mode & 0o777 == 0o700
        return int(given.size)
    return len(given)


def _sleeps(*_: object) -> Iterator[Any]:
    yield containers.Member("0.xml", _DOCUMENTS[0], None)
    time.sleep(60)


def _hangs(*_: object) -> Iterator[Any]:
    yield containers.Member("0.xml", _DOCUMENTS[0], None)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})  # as a library does that never comes back to Python
    time.sleep(60)


def _dies(*_: object) -> Iterator[Any]:
    yield containers.Member("0.xml", _DOCUMENTS[0], None)
    os._exit(3)


@pytest.mark.parametrize(
    ("does", "watched", "code"),
    [
        (_sleeps, False, Code.TOO_SLOW),
        (_sleeps, True, Code.TOO_SLOW),
        (_hangs, True, Code.TOO_SLOW),
        (_dies, True, Code.WORKER_DIED),
    ],
)
def test_a_container_that_holds_or_kills_its_reader_is_named_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: Callable[..., Any], watched: bool, code: Code
) -> None:
    whole = discover.stream_members
    monkeypatch.setattr(
        discover, "stream_members", lambda file, *rest: (does if file.read(3) == b"bad" else whole)(file, *rest)
    )
    settings = replace(SETTINGS, limits=Limits(document_seconds=1))
    for name in ("a", "bad", "c"):
        (tmp_path / f"{name}.tar").write_bytes(_tar((f"{name}.xml", _DOCUMENTS[0]), *_NAMED[1:]))
    began = time.monotonic()
    with Opener(settings, lambda: multiprocessing.get_context("fork")) as opener:
        opened = shards(survey([tmp_path]), settings, opener if watched else None)
        tables = [read_shard(shard, settings) for shard in opened]
    assert time.monotonic() - began < 20
    told = [row for table in tables for row in table["quarantine"].to_pylist()]
    assert [(row["member"], row["code"]) for row in told] == [("bad.tar!", code)]
    outcomes = [row["outcome"] for table in tables for row in table["member"].to_pylist()]
    assert outcomes.count("container") == 3
    assert outcomes.count("document") == 7
