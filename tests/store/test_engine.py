"""An engine reads what this machine would have read, whatever becomes of its workers; what it may see tells nothing.

Any executor of the standard library's shape will do: Dask itself is asked for by its extra, and tried where it is there.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from analyser.archive.files import discover
from analyser.archive.settings import ReadSettings
from analyser.ingest.engine import EngineGoneError, Refused, ShardLeft, Task, engine, read_task
from analyser.ingest.run import ingest
from analyser.messages.errors import UsageError
from analyser.store.database import open_database
from tests.archive.build import document
from tests.command import run_here
from tests.store.dump import dump


class Odd(Executor):
    """An executor whose workers have their ways: each task gets what `way` makes of it."""

    def __init__(self, way: Callable[[int, Any], Any]) -> None:
        self.given: list[Any] = []
        self.answers: list[Any] = []
        self._way = way
        self._pool = ThreadPoolExecutor(1)

    def submit(self, job: Any, /, *given: Any, **more: Any) -> Future[Any]:
        assert job is read_task and not more
        self.given += given
        return self._pool.submit(self._answer, len(self.given) - 1, given[0])

    def _answer(self, number: int, task: Any) -> Any:
        self.answers.append(self._way(number, task))
        return self.answers[-1]


def _odd(number: int, task: Task) -> ShardLeft | Refused:
    """Each task has another fate."""
    if number == 0:
        read_task(task)
    if number == 1:
        raise BrokenProcessPool
    if number == 2:
        return Refused(task.number, None)
    left = read_task(task)
    if number == 4 and isinstance(left, ShardLeft):
        (Path(task.folder) / left.name).write_bytes(b"?")
    return left


def _gone(number: int, task: Task) -> ShardLeft | Refused:
    raise CancelledError


def _elsewhere(number: int, task: Task) -> ShardLeft | Refused:
    return read_task(replace(task, folder="/nowhere/shared"))


def _older(number: int, task: Task) -> ShardLeft | Refused:
    return ShardLeft(task.number, "x.part", "", 0, 1, "0.0.1")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files, a fault, and a tar whose members would have to travel as bytes."""
    folder = tmp_path_factory.mktemp("engine") / "archive"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.xml").write_text(document(oid=f"1.2.246.10.77.11.{number}"))
    (folder / "fault.xml").write_text("<ClinicalDocument")
    (folder / "x.xml").write_text(document(oid="1.2.246.10.77.11.77"))
    with tarfile.open(folder / "more.tar", "w") as packed:
        packed.add(folder / "x.xml", "inner.xml")
    return folder


def _read(folder: Path, archive: Path, executor: Executor) -> Path:
    path = folder / "db.duckdb"
    with engine(executor, folder / "shared", lambda: 1) as elsewhere, open_database(path, write=True) as database:
        ingest(database, [archive], ReadSettings(b"k" * 32), engine=elsewhere)
    return path


def test_workers_that_die_fail_or_answer_twice_cost_nothing(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discover, "_SHARD_ENTRIES", 2)
    with open_database(tmp_path / "whole.duckdb", write=True) as database:
        ingest(database, [archive], ReadSettings(b"k" * 32))
    executor = Odd(_odd)
    assert dump(_read(tmp_path, archive, executor)) == dump(tmp_path / "whole.duckdb")
    # The shard with the tar's member was read here; the others travelled as numbers, and came back as counts.
    assert len(executor.given) == 4
    told = repr((executor.given, executor.answers))
    assert "Task(number=0)" in told and str(tmp_path) not in told and ".part" not in told
    assert not any((tmp_path / "shared").iterdir())
    for way, error, words in (
        (_gone, EngineGoneError, "the engine went away"),
        (_older, UsageError, "version 0.0.1"),
        (_elsewhere, UsageError, "does not see the folder"),
    ):
        (tmp_path / words).mkdir()
        with pytest.raises(error, match=words):
            _read(tmp_path / words, archive, Odd(way))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--engine", "dusk"], "did you mean ‘dask’"),
        (["--scheduler", "tcp://127.0.0.1:1"], "--engine dask"),
        (["--engine", "dask", "--part", "1/2", "--out", "p"], "exclude each other"),
        (["--engine", "dask"], "kanta-gap[dask]"),
        (["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"], "cannot be reached"),
    ],
)
def test_an_engine_that_cannot_be_had_is_told_in_words(tmp_path: Path, words: list[str], told: str) -> None:
    if find_spec("distributed") is None and told == "cannot be reached":
        pytest.skip("needs the extra dask")
    if find_spec("distributed") is not None and told == "kanta-gap[dask]":
        pytest.skip("the extra is installed")
    (tmp_path / "a.xml").write_text(document())
    done = run_here(tmp_path, "ingest", "a.xml", *words)
    assert (done.code, told in done.err) == (2, True), done.err


@pytest.mark.long
@pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra dask")
def test_dask_reads_what_this_machine_reads(archive: Path, tmp_path: Path) -> None:
    for name, more in (("here", ()), ("dask", ("--engine", "dask", "--workers", "2"))):
        done = run_here(tmp_path, "ingest", os.path.relpath(archive, tmp_path), "--db", f"{name}.duckdb", *more)
        assert done.code == 3, done.err
    assert dump(tmp_path / "here.duckdb") == dump(tmp_path / "dask.duckdb")
