"""Killed at any moment, the next run ends in the same database; a worker that dies costs one document."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from analyser.archive.files import discover
from analyser.archive.settings import ReadSettings, VoidingTable
from analyser.ingest import pool as readers
from analyser.ingest.run import ingest
from analyser.store.database import open_database
from analyser.synth import synthesise
from tests.archive.build import document, frame

_TABLES = (
    "member",
    "document",
    "document_person",
    "client_period",
    "case_fact",
    "service_evidence",
    "frame",
    "quarantine",
)
_KILLED = """
import os, signal, sys
from pathlib import Path
import analyser.ingest.run as module
from analyser.archive.settings import ReadSettings
from analyser.store.database import open_database
module._BATCH_MEMBERS = 90
left = [int(sys.argv[3])]
def progress(_):
    left[0] -= 1
    if left[0] <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
with open_database(Path(sys.argv[1]), write=True) as database:
    module.ingest(database, [Path(sys.argv[2])], ReadSettings(b"k" * 32), progress=progress)
"""


def _dump(path: Path) -> list[list[str]]:
    # When a file was touched is noted once that is long enough ago.
    lasting = "SELECT COLUMNS(name -> name <> 'ctime_ns') FROM"
    with open_database(path, write=False) as database:
        return [sorted(map(repr, database.connection.execute(f"{lasting} {name}").fetchall())) for name in _TABLES]


def _ingest(path: Path, archive: Path) -> None:
    with open_database(path, write=True) as database:
        ingest(database, [archive], ReadSettings(b"k" * 32))


@pytest.mark.parametrize("container", ["folder", "zip"])
@pytest.mark.parametrize("moment", [1, 4, 8])
def test_a_killed_ingest_resumes_to_the_same_database(tmp_path: Path, container: str, moment: int) -> None:
    synthesise(tmp_path / "county", 40, container=container)  # type: ignore[arg-type]
    archive = tmp_path / "county" / "archive"
    _ingest(tmp_path / "undisturbed", archive)
    code = f"import analyser.archive.files.discover as d; d._SHARD_ENTRIES = 40\n{_KILLED}"
    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "killed"), str(archive), str(moment)], check=False
    )
    assert killed.returncode == -9
    _ingest(tmp_path / "killed", archive)
    assert _dump(tmp_path / "killed") == _dump(tmp_path / "undisturbed")


@dataclass(frozen=True)
class _Poison(VoidingTable):
    """Kills the process that asks it about the request code POISON."""

    def voids(self, code: str | None, display: str | None) -> bool:
        if code == "POISON":
            os._exit(9)
        return False


def test_a_member_that_kills_its_worker_is_set_aside_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discover, "_SHARD_ENTRIES", 4)
    archive = tmp_path / "archive"
    archive.mkdir()
    for number in range(24):
        (archive / f"{number:02}.xml").write_text(document(oid=f"1.2.3.{number}"))
    (archive / "11-poison.xml").write_text(frame("1.2.3.11", code="POISON"))
    settings = replace(ReadSettings(b"k" * 32), voiding=_Poison())
    with open_database(tmp_path / "k.duckdb", write=True) as database:
        summary = ingest(database, [archive], settings, workers=2)
        listed = database.connection.execute("SELECT member, code FROM quarantine").fetchall()
    assert listed == [("11-poison.xml", "worker-died")]
    assert summary.documents == 24


@pytest.mark.parametrize("error", [OSError("handle is closed"), OSError(24, "too many open files")])
def test_a_pool_that_breaks_while_it_is_handed_a_shard_loses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    monkeypatch.setattr(discover, "_SHARD_ENTRIES", 2)
    archive = tmp_path / "archive"
    archive.mkdir()
    for number in range(12):
        (archive / f"{number:02}.xml").write_text(document(oid=f"1.2.3.{number}"))
    handed = readers.ProcessPoolExecutor.submit
    calls = [0]

    def submit(pool: ProcessPoolExecutor, *args: Any) -> Any:
        calls[0] += 1
        if calls[0] == 3:
            raise error
        return handed(pool, *args)

    monkeypatch.setattr(readers.ProcessPoolExecutor, "submit", submit)
    with open_database(tmp_path / "k.duckdb", write=True) as database:
        if error.errno is None:
            assert ingest(database, [archive], ReadSettings(b"k" * 32), workers=2).documents == 12
        else:  # what the system refuses is told
            with pytest.raises(OSError, match="too many open files"):
                ingest(database, [archive], ReadSettings(b"k" * 32), workers=2)


def test_readers_start_also_where_no_socket_has_room(tmp_path: Path) -> None:
    far = tmp_path / ("far" * 40)
    far.mkdir()
    synthesise(tmp_path / "county", 40)
    code = (
        "import analyser.archive.files.discover as d; d._SHARD_ENTRIES = 40\n"
        "import sys; from analyser.cli.app import run; sys.exit(run(['ingest', 'county', '--workers', '2']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=dict(os.environ, TMPDIR=str(far)),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr.decode()
    assert b"documents" in done.stderr


def test_shards_that_are_not_a_pools_worth_are_read_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "ProcessPoolExecutor", None)
    (tmp_path / "one.xml").write_text(document())
    with open_database(tmp_path / "k.duckdb", write=True) as database:
        assert ingest(database, [tmp_path / "one.xml"], ReadSettings(b"k" * 32), workers=2).documents == 1


_KILLS_ITS_READER = """
import os, sys
from pathlib import Path
import analyser.archive.shard as shard
from analyser.archive.settings import ReadSettings
from analyser.store.database import open_database
from analyser.ingest.run import ingest
from tests.store.test_crashes import _Poison
with open_database(Path(sys.argv[1]), write=True) as database:
    ingest(database, [Path(sys.argv[2])], ReadSettings(b"k" * 32, voiding=_Poison()), workers=1)
"""


def test_a_member_that_kills_an_ingest_without_workers_costs_the_next_run_that_member_alone(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    for number in range(5):
        (archive / f"{number}.xml").write_text(document(oid=f"1.2.3.{number}"))
    (archive / "3-poison.xml").write_text(frame("1.2.3.3", code="POISON"))
    command = [sys.executable, "-c", _KILLS_ITS_READER, str(tmp_path / "k.duckdb"), str(archive)]
    assert [subprocess.run(command, check=False).returncode for _ in range(2)] == [9, 0]
    with open_database(tmp_path / "k.duckdb", write=False) as database:
        listed = database.connection.execute("SELECT member, code FROM quarantine").fetchall()
        (read,) = database.connection.execute("SELECT count(*) FROM document").fetchone() or (0,)
    assert listed == [("3-poison.xml", "worker-died")]
    assert read == 5
