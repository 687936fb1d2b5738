"""Shards read elsewhere: by an engine that has the standard library's Executor shape, such as Dask's.

A worker runs the same pure function in a process of its own that is watched, and leaves one protected file in a folder
that both sides see. What travels is a number, the folder, a name, a hash and counts: no document, no name of a file, no
key. What an engine shows of a task is its number alone. A worker that dies costs its shard a second reading, here; an
engine that goes away ends the run in words, and the next one continues.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import secrets
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa

from analyser import __version__
from analyser.archive.files.entries import Shard
from analyser.archive.reader import READER
from analyser.archive.settings import ReadSettings
from analyser.ingest.isolated_reader import read_alone
from analyser.ingest.part_file import ReadPart, assert_folder, hash_of, written
from analyser.ingest.pool import Tables, reading_context
from analyser.messages.errors import ExitCode, KantaGapError, UsageError
from analyser.store.database import open_part
from analyser.store.first_row import first_row
from analyser.store.tables import batch_views
from analyser.system.keys import current, find_key, unlock
from analyser.system.private_files import private_files

INSTALL = "pip install 'kanta-gap[dask]'"
_AHEAD = 3
"""Shards under way for each worker."""
_CONNECTING = 10
"""Seconds that a scheduler may take to answer, and its first worker to come."""
_SETTINGS = "settings.part"
_reading = threading.Lock()


class EngineGoneError(KantaGapError):
    """The engine went away before all was read: exit 3. What was loaded stays, and the next run continues."""

    exit_code = ExitCode.UNCHECKED


@dataclass(frozen=True, slots=True)
class Task:
    """A shard to read. The engine may show it, so it shows its number alone."""

    number: int
    folder: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShardLeft:
    """What a worker left."""

    number: int
    name: str = field(repr=False)
    sha256: str = field(repr=False)
    members: int
    reader: int
    tool_version: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a worker left nothing: what the user can mend, or None for a fault that another reading may not meet."""

    number: int
    error: KantaGapError | None = field(repr=False)


Engine = Callable[[Iterator[Shard], ReadSettings], Iterator[Tables]]
"""Reads shards and gives what they hold, in their order."""


@contextmanager
def engine(executor: Executor, folder: Path, workers: Callable[[], int]) -> Iterator[Engine]:
    """An engine over an executor, whose workers leave their files in a new folder inside `folder`.

    Raises UsageError when the folder cannot be made.
    """
    assert_folder(folder)
    place = folder.absolute() / f".kanta-gap-engine-{secrets.token_hex(8)}"
    place.mkdir(mode=0o700)
    try:
        yield lambda work, settings: _read(executor, place, workers, work, settings)
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def dask_executor(scheduler: str, workers: int) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """An executor of the scheduler at an address, or of workers on this machine without one, and how many they are.

    Raises UsageError when the extra is not installed, the scheduler does not answer, or has no worker.
    """
    if find_spec("distributed") is None:
        raise UsageError("engine.no_package", install=INSTALL)
    distributed = import_module("distributed")
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] == "distributed":  # what it has to tell is told by ours, in words
            logging.getLogger(name).setLevel(logging.CRITICAL)
    cluster = None
    try:
        if not scheduler:
            cluster = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
            )
        client = distributed.Client(cluster or scheduler, timeout=_CONNECTING, set_as_default=False)
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        if cluster is not None:
            cluster.close()
        raise UsageError("engine.refused", scheduler=scheduler or "–", told=type(error).__name__) from None
    try:
        try:
            client.wait_for_workers(1, timeout=_CONNECTING)
        except TimeoutError:
            raise UsageError("engine.no_workers", scheduler=scheduler or "–") from None
        yield client.get_executor(pure=False), lambda: len(client.nthreads())
    finally:
        with suppress(OSError, TimeoutError):  # a scheduler that is gone cannot be told goodbye
            client.close()
        if cluster is not None:
            cluster.close()


def _read(
    executor: Executor, folder: Path, workers: Callable[[], int], work: Iterator[Shard], settings: ReadSettings
) -> Iterator[Tables]:
    _keep_settings(folder / _SETTINGS, settings)
    under_way: deque[tuple[Shard, Future[ShardLeft | Refused] | None]] = deque()
    ahead = max(2, workers()) * _AHEAD
    for number, shard in enumerate(work):
        # Members of a stream are bytes at hand, and no document travels: those are read here.
        travels = all(entry.data is None for entry in shard.entries)
        under_way.append((shard, _handed(executor, folder, number, shard) if travels else None))
        if len(under_way) >= ahead:
            yield from _result(*under_way.popleft(), folder, settings)
    while under_way:
        yield from _result(*under_way.popleft(), folder, settings)


def _handed(executor: Executor, folder: Path, number: int, shard: Shard) -> Future[ShardLeft | Refused]:
    task = Task(number, str(folder))
    try:
        with private_files():
            _shard_of(task).write_bytes(pickle.dumps(shard))
    except OSError as error:
        raise UsageError("part.no_folder", folder=folder.parent.name, told=error.strerror or "–") from None
    try:
        return executor.submit(read_task, task)
    except (CancelledError, OSError, RuntimeError, TimeoutError):
        raise EngineGoneError("engine.gone") from None


def _result(
    shard: Shard, future: Future[ShardLeft | Refused] | None, folder: Path, settings: ReadSettings
) -> Iterator[Tables]:
    found = None if future is None else _answer(future)
    if isinstance(found, ShardLeft):
        if (found.reader, found.tool_version) != (READER, __version__):
            raise UsageError("engine.other_version", version=found.tool_version, known=__version__)
        path = folder / found.name
        if (tables := _taken(path, found.sha256)) is not None:
            _shard_of(Task(found.number, str(folder))).unlink(missing_ok=True)
            yield tables
            return
    if isinstance(found, Refused) and found.error is not None:
        raise found.error
    yield from read_alone(shard, settings, reading_context())


def _answer(future: Future[ShardLeft | Refused]) -> ShardLeft | Refused | None:
    """What a worker answered; None where it died over the shard. Raises EngineGoneError."""
    try:
        return future.result()
    except BrokenExecutor:
        return None
    except (CancelledError, OSError, TimeoutError):
        raise EngineGoneError("engine.gone") from None
    except Exception as error:  # noqa: BLE001
        # The task raises nothing: what comes is of the engine, which tells it by classes of its own.
        kind = type(error).__name__
        if kind == "KilledWorker":  # so many workers died over this task
            return None
        if kind.endswith("CancelledError"):
            raise EngineGoneError("engine.gone") from None
        raise EngineGoneError("engine.failed", told=kind) from None


def _taken(path: Path, sha256: str) -> Tables | None:
    """What a worker's file holds, which is removed; None where it is not what the worker told."""
    try:
        if hash_of(path) != sha256:
            return None
    except OSError:
        return None
    part = ReadPart(path)
    try:
        return part.between(0, 1)
    finally:
        part.close()
        path.unlink(missing_ok=True)


def read_task(task: Task) -> ShardLeft | Refused:
    """What a worker does. It raises nothing: an engine's log would tell of the task with all that it was given."""
    try:
        with _reading:  # one reader for each process: a reader's time and memory are its own
            return _left(task)
    except KantaGapError as error:
        return Refused(task.number, error)
    except Exception:  # noqa: BLE001  whatever it is, the shard is read again where the run is
        return Refused(task.number, None)


def _left(task: Task) -> ShardLeft:
    folder = Path(task.folder)
    if not folder.is_dir():
        raise UsageError("engine.no_shared_folder", folder=folder.parent.name)
    if current() is None:
        unlock(lambda: find_key(os.environ.get("KANTA_GAP_KEY_FILE", ""), "", os.environ))
    process = multiprocessing.current_process()
    if process.daemon:  # the library lets a daemon have no children; ours ends with its reader
        process.daemon = False
    settings = _settings(folder / _SETTINGS)
    shard: Shard = pickle.loads(_shard_of(task).read_bytes())  # noqa: S301  written by the run, for its owner alone
    path = folder / f"{task.number}-{secrets.token_hex(8)}.part"
    members = 0
    with private_files(), written(path) as file:
        for tables in read_alone(shard, settings, reading_context()):
            members += tables["member"].num_rows
            file.add(0, tables)
        file.flush()
    return ShardLeft(task.number, path.name, hash_of(path), members, READER, __version__)


def _shard_of(task: Task) -> Path:
    return Path(task.folder) / f"{task.number}.shard"


def _keep_settings(path: Path, settings: ReadSettings) -> None:
    """The settings with the key that persons are hashed with, protected as the database is."""
    connection = open_part(path, write=True)
    try:
        told = pa.table({"told": pa.array([pickle.dumps(settings)], pa.binary())})
        with batch_views(connection, {"settings": told}):
            connection.execute("CREATE TABLE settings AS SELECT * FROM batch_settings")
        connection.execute("CHECKPOINT")
    finally:
        connection.close()


@lru_cache(maxsize=4)
def _settings(path: Path) -> ReadSettings:
    connection = open_part(path, write=False)
    try:
        (told,) = first_row(connection.execute("SELECT told FROM settings")) or (b"",)
    finally:
        connection.close()
    found: ReadSettings = pickle.loads(told)  # noqa: S301  written by the run, for its owner alone
    return found
