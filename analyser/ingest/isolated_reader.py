"""Reading what may kill its reader: in a process of its own that is watched, so that each such member costs itself.

A shard is read as a whole first, because nearly always another one was to blame. When that fails its members are read
one by one, and the one that was under way when the process died, or had its time, is set aside.

Containers are opened in such a process too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

import pyarrow as pa

from analyser.archive.files.discover import FileStat, container_entries, given_up
from analyser.archive.files.entries import Shard, ShardEntry
from analyser.archive.quarantine import Code
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import read_shard, set_aside
from analyser.archive.time_limit import end_process_when_stuck, patience, tell_each_member
from analyser.messages.errors import KantaGapError
from analyser.system.processes import main_left_out, reading_process

_STARTING = 60.0
"""Seconds that a process may take to start, on a machine that has other things to do."""
_BATCH_BYTES, _BATCH_ENTRIES = 4 * 2**20, 500
_ENDED = "ended"

Tables = dict[str, pa.Table]


def pooled_reader(memory: int) -> None:
    """What a process of a pool does before it reads: `memory` bounds its bytes, and it ends itself when stuck."""
    reading_process(memory)
    end_process_when_stuck()


def read_alone(shard: Shard, settings: ReadSettings, context: BaseContext) -> Iterator[Tables]:
    """The tables of a shard, whatever its members do to the process that reads them. Raises KantaGapError."""
    for found in _read([shard], settings, context):
        if not isinstance(found, Code):
            yield found
            return
    singles = [Shard((entry,)) for entry in shard.entries]
    while singles:
        for found in _read(singles, settings, context):
            single = singles.pop(0)
            yield set_aside(single, found, settings) if isinstance(found, Code) else found


def _read(shards: Sequence[Shard], settings: ReadSettings, context: BaseContext) -> Iterator[Tables | Code]:
    """What each shard gives, or the reason why it gives nothing; ends early when the process has ended."""
    ours, theirs = context.Pipe()
    process = context.Process(target=_reading, args=(theirs, list(shards), settings), daemon=True)  # type: ignore[attr-defined]
    with main_left_out(settings):
        process.start()
    theirs.close()
    left = len(shards)
    limit = _STARTING + patience(settings.limits.document_seconds)
    try:
        while left:
            ready = wait([ours, process.sentinel], limit)
            limit = patience(settings.limits.document_seconds)
            if not ready:
                yield Code.TOO_SLOW
                return
            try:
                # What it said before it died is there to be read.
                found = ours.recv() if ours in ready else Code.WORKER_DIED
            except (EOFError, OSError):
                found = Code.WORKER_DIED
            if found is None:
                continue
            if isinstance(found, KantaGapError):
                raise found
            left -= 1
            yield found
            if found is Code.WORKER_DIED:
                return
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def _reading(parent: Connection, shards: Sequence[Shard], settings: ReadSettings) -> None:
    reading_process(settings.limits.process_memory)
    tell_each_member(lambda: parent.send(None))
    for shard in shards:
        parent.send(None)
        answer: Tables | Code | KantaGapError
        try:
            answer = read_shard(shard, settings)
        except KantaGapError as error:
            answer = error
        except MemoryError:
            answer = Code.TOO_MUCH_MEMORY
        except Exception:  # noqa: BLE001  a member must not stop the others, and its traceback would be printed
            answer = Code.READER_FAILED
        try:
            parent.send(answer)
        except MemoryError:
            parent.send(Code.TOO_MUCH_MEMORY)


class Opener:
    """Opens containers in a process that is watched: one that kills or holds it costs what it had left."""

    def __init__(self, settings: ReadSettings, context: Callable[[], BaseContext]) -> None:
        self._settings = settings
        self._context = context
        self._process: BaseProcess | None = None
        self._ours: Connection | None = None

    def __enter__(self) -> Opener:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._ours is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._ours.close()
        self._process = self._ours = None

    def __call__(self, file: FileStat) -> Iterator[ShardEntry]:
        """The members of a container. It is opened twice where that fails: what was still to be sent when the process
        died comes one by one the second time."""
        given = 0
        code: Code | None = None
        for batch in (_BATCH_ENTRIES, 1):
            sent: list[Code] = []
            for number, entry in enumerate(self._asked(file, batch, sent)):
                if number >= given:
                    given += 1
                    yield entry
            if not sent:
                return
            (code,) = sent
            self.__exit__()
        if code is not None:
            yield from given_up(file, code)

    def _asked(self, file: FileStat, batch: int, failed: list[Code]) -> Iterator[ShardEntry]:
        """What the process says of a container; `failed` is why that ended too early."""
        limit = patience(self._settings.limits.document_seconds)
        if self._process is None or self._ours is None:
            self._start()
            limit += _STARTING
        process, ours = self._process, self._ours
        assert process is not None and ours is not None
        try:
            ours.send((file, batch))
            while True:
                if not wait([ours, process.sentinel], limit):
                    failed.append(Code.TOO_SLOW)
                    return
                limit = patience(self._settings.limits.document_seconds)
                # What it said before it died is there to be read.
                found = ours.recv()
                if found == _ENDED:
                    return
                yield from found or ()
        except (EOFError, OSError):
            failed.append(Code.WORKER_DIED)

    def _start(self) -> None:
        context = self._context()
        ours, theirs = context.Pipe()
        process = context.Process(target=_opening, args=(theirs, self._settings), daemon=True)  # type: ignore[attr-defined]
        with main_left_out(self._settings):
            process.start()
        self._process, self._ours = process, ours
        theirs.close()


def _opening(parent: Connection, settings: ReadSettings) -> None:
    reading_process(settings.limits.process_memory)
    tell_each_member(lambda: parent.send(None))
    while True:
        try:
            asked: tuple[FileStat, int] = parent.recv()
        except EOFError:
            return
        file, batch = asked
        waiting: list[ShardEntry] = []
        weight = 0
        for entry in container_entries(file, settings):
            waiting.append(entry)
            weight += entry.size if entry.data is not None else 0
            if weight >= _BATCH_BYTES or len(waiting) >= batch:
                parent.send(waiting)
                waiting, weight = [], 0
        parent.send(waiting)
        parent.send(_ENDED)
