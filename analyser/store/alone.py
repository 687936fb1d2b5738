"""Reading what may kill its reader: in a process of its own that is watched, so that each such member costs itself.

A shard is read as a whole first, because nearly always another one was to blame. When that fails its members are read
one by one, and the one that was under way when the process died, or had its time, is set aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext

import pyarrow as pa

from analyser.archive.clock import end_process_when_stuck, patience, tell_each_member
from analyser.archive.quarantine import Code
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import Shard, read_shard, set_aside
from analyser.errors import KantaGapError
from analyser.processes import reading_process

_STARTING = 60.0
"""Seconds that a process may take to start, on a machine that has other things to do."""

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
