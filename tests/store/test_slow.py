"""A document that keeps its reader busy for ever costs itself: in a pool, in a container, in this process, and after a
run that had to be ended."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from analyser.archive.files import discover
from analyser.archive.settings import ReadSettings, VoidingTable
from analyser.ingest.run import IngestSummary, ingest
from analyser.store.database import open_database
from analyser.system.limits import Limits
from tests.archive.build import document, frame
from tests.command import run_here


@dataclass(frozen=True)
class _Endless(VoidingTable):
    """Never answers about the request code SLOW; about STUCK it hangs where no alarm is heard."""

    def voids(self, code: str | None, display: str | None) -> bool:
        while code == "SLOW":
            time.sleep(0.01)
        return code == "STUCK" and sum(range(10**15)) < 0


_SETTINGS = replace(ReadSettings(b"k" * 32), voiding=_Endless(), limits=Limits(document_seconds=1))


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover, "_SHARD_ENTRIES", 4)
    # What was touched this very moment is looked at once more by the next run.
    monkeypatch.setattr(discover, "_COARSE_NS", 0)


def _archive(folder: Path, code: str) -> Path:
    archive = folder / "archive"
    archive.mkdir()
    for number in range(12):
        (archive / f"{number:02}.xml").write_text(document(oid=f"1.2.3.{number}"))
    (archive / "05-endless.xml").write_text(frame("1.2.3.5", code=code))
    return archive


def _ingest(folder: Path, source: Path, workers: int, settings: ReadSettings = _SETTINGS) -> IngestSummary:
    with open_database(folder / "k.duckdb", write=True) as database:
        return ingest(database, [source], settings, workers=workers)


def _aside(folder: Path) -> list[tuple[str, str]]:
    with open_database(folder / "k.duckdb", write=False) as database:
        return database.connection.execute("SELECT member, code FROM quarantine").fetchall()


@pytest.mark.parametrize(("code", "workers"), [("SLOW", 2), ("STUCK", 2), ("SLOW", 1)])
def test_a_document_beyond_its_time_is_set_aside_and_the_others_are_read(
    tmp_path: Path, code: str, workers: int
) -> None:
    archive = _archive(tmp_path, code)
    begun = time.monotonic()
    summary = _ingest(tmp_path, archive, workers)
    assert time.monotonic() - begun < 40
    assert _aside(tmp_path) == [("05-endless.xml", "too-slow")]
    assert (summary.documents, summary.quarantined) == (12, 1)
    again = _ingest(tmp_path, archive, workers)
    assert again.unchanged == 13, "the same limit gives the same verdict"
    more = replace(_SETTINGS, voiding=VoidingTable(), limits=Limits(document_seconds=30))
    assert _ingest(tmp_path, archive, workers, more).frames == 1
    assert _aside(tmp_path) == []


def test_after_a_run_that_hung_and_was_killed_the_next_one_sets_the_document_aside(tmp_path: Path) -> None:
    archive = _archive(tmp_path, "STUCK")
    with open_database(tmp_path / "k.duckdb", write=True) as database:
        database.connection.execute("INSERT INTO meta VALUES ('ingest_under_way', 'yes')")
    assert _ingest(tmp_path, archive, 1).documents == 12
    assert _aside(tmp_path) == [("05-endless.xml", "too-slow")]


def test_in_a_container_inside_a_container_a_slow_member_costs_itself(tmp_path: Path) -> None:
    inner, whole = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        for number in range(3):
            packed.writestr(f"{number}.xml", document(oid=f"1.2.3.{number}"))
            packed.writestr(f"{number}-endless.xml", frame("1.2.3.5", code="SLOW" if number == 1 else "SP1"))
    with zipfile.ZipFile(whole, "w") as packed:
        packed.writestr("inner.zip", inner.getvalue())
    (tmp_path / "x.zip").write_bytes(whole.getvalue())
    summary = _ingest(tmp_path, tmp_path / "x.zip", 1)
    assert _aside(tmp_path) == [("x.zip!inner.zip!1-endless.xml", "too-slow")]
    assert (summary.documents, summary.frames) == (3, 2)


@pytest.mark.parametrize("name", ["x.tar.gz", pytest.param("x.b64", marks=pytest.mark.long)])
def test_what_hangs_in_a_small_container_costs_itself_with_a_single_worker_too(tmp_path: Path, name: str) -> None:
    """By its name or not, or wrapped: nothing that has members is read where nobody watches."""
    archive = tmp_path / "in"
    archive.mkdir()
    (archive / "a.xml").write_text(document(oid="1.2.3.0"))
    members = [(f"{number}.xml", document(oid=f"1.2.3.{number}").encode()) for number in range(1, 3)]
    members.append(("stuck.xml", frame("1.2.3.5", code="STUCK").encode()))
    buffer = io.BytesIO()
    if name == "x.tar.gz":
        with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
            for member, data in members:
                told = tarfile.TarInfo(member)
                told.size = len(data)
                packed.addfile(told, io.BytesIO(data))
    else:
        with zipfile.ZipFile(buffer, "w") as zipped:
            for member, data in members:
                zipped.writestr(member, data)
    raw = buffer.getvalue()
    (archive / name).write_bytes(base64.b64encode(raw) if name == "x.b64" else raw)
    summary = _ingest(tmp_path, archive, 1)
    assert [code for _, code in _aside(tmp_path)] == ["too-slow"]
    assert summary.documents == (1 if name == "x.b64" else 3)


def test_a_container_with_a_single_worker_has_the_bound_of_memory(tmp_path: Path) -> None:
    """A bound that nothing fits in: were a container opened or read by the run itself, that would not be seen."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.writestr("a.xml", document(oid="1.2.3.1"))
    (tmp_path / "kanta-gap.toml").write_text("[limits]\nprocess_memory = 60000000\n")
    assert run_here(tmp_path, "ingest", "x.zip", "--workers", "1").code == 3
    told = json.loads(run_here(tmp_path, "quarantine", "-f", "json").out)["rows"]
    assert {row["code"] for row in told} <= {"too-much-memory", "worker-died"}
    assert told


_UNGUARDED = """
from pathlib import Path
from analyser.archive.settings import ReadSettings
from analyser.store.database import open_database
from analyser.ingest.run import ingest
with open_database(Path("k.duckdb"), write=True) as database:
    print(ingest(database, [Path("x.zip"), Path("y.zip")], ReadSettings(database.secret)).documents, end=" ")
"""


@pytest.mark.parametrize("asked", [("-",), ("script.py",)])
def test_a_program_that_has_no_guard_or_no_file_reads_containers_as_any_other(
    tmp_path: Path, asked: tuple[str, ...]
) -> None:
    """The processes that read do not run it again."""
    (tmp_path / "script.py").write_text(_UNGUARDED)
    for name in ("x", "y"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as packed:
            packed.writestr("a.xml", document(oid=f"1.2.3.{ord(name)}"))
    done = subprocess.run(
        [sys.executable, *asked], input=_UNGUARDED, cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("2 ", "")


def test_time_is_counted_for_each_member_and_not_for_all_together(tmp_path: Path) -> None:
    """Members that together take longer than the limit, and each alone does not."""

    class Slow(_Endless):
        def voids(self, code: str | None, display: str | None) -> bool:
            time.sleep(0.3)
            return False

    for number in range(6):
        (tmp_path / f"{number}.xml").write_text(frame(f"1.2.3.{number}"))
    assert _ingest(tmp_path, tmp_path, 1, replace(_SETTINGS, voiding=Slow())).frames == 6
