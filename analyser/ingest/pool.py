"""Who reads shards: this process, a pool of others, or one alone that is watched; whichever, the results are the same.

What comes back comes in the order of the shards. A worker may die: what it had is read again, each member by itself.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice

import pyarrow as pa

from analyser.archive.files.entries import Shard
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import ContainerMetError, read_shard
from analyser.ingest.isolated_reader import pooled_reader, read_alone
from analyser.system.processes import main_left_out, silent_start

# Shards under way for each worker: enough that none waits, few enough that results do not pile up.
_AHEAD = 3
# Below this many shards a pool costs more than it saves.
_POOL_FROM = 3
_COLLECTED_EACH = 100_000

Tables = dict[str, pa.Table]
"""What a shard gives: one table for every schema of `archive/records.py`."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Members wait by the ten thousand for their readers, and none of them is garbage: it is looked for less often."""
    before = gc.get_threshold()
    gc.set_threshold(_COLLECTED_EACH, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def read_shards(work: Iterator[Shard], settings: ReadSettings, workers: int, *, cautious: bool) -> Iterator[Tables]:
    """Results of the shards in their order, whoever reads them; `cautious`: not this process.

    This process reads documents alone, and only where there are few of them or nobody else may: from the first
    container on another one reads, which is watched and has bounds.
    """
    first = list(islice(work, _POOL_FROM))
    remaining = chain(first, work)
    if workers <= 1 or len(first) < _POOL_FROM:
        here = replace(settings, containers_apart=True)
        for shard in remaining:
            if cautious:
                yield from read_alone(shard, settings, reading_context())
                continue
            tables = None if any(entry.depth for entry in shard.entries) else _read_here(shard, here)
            if tables is None:
                remaining = chain([shard], remaining)
                break
            yield tables
        else:
            return
    yield from read_watched(remaining, settings, workers)


def _read_here(shard: Shard, settings: ReadSettings) -> Tables | None:
    """What a shard of documents gives; None where something in it has members."""
    try:
        return read_shard(shard, settings)
    except ContainerMetError:
        return None


def read_watched(remaining: Iterator[Shard], settings: ReadSettings, workers: int) -> Iterator[Tables]:
    while True:
        try:
            yield from _read_in_pool(remaining, settings, workers, lost := deque[Shard]())
        except (BrokenProcessPool, MemoryError):
            # Some shard killed its worker, or left it no memory to answer with. Those under way are read again one by
            # one, each in a process of its own.
            for shard in lost:
                yield from read_alone(shard, settings, reading_context())
            continue
        return


def _read_in_pool(
    work: Iterator[Shard], settings: ReadSettings, workers: int, under_way: deque[Shard]
) -> Iterator[Tables]:
    """Results in order; `under_way` holds the shards whose result has not been given yet."""
    with _pool(workers, settings) as pool:
        futures: deque[Future[Tables]] = deque()
        try:
            for shard in work:
                under_way.append(shard)
                futures.append(_handed(pool, shard, settings))
                if len(futures) >= workers * _AHEAD:
                    tables = futures.popleft().result()
                    under_way.popleft()
                    yield tables
            while futures:
                tables = futures.popleft().result()
                under_way.popleft()
                yield tables
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _handed(pool: ProcessPoolExecutor, shard: Shard, settings: ReadSettings) -> Future[Tables]:
    try:
        with main_left_out(settings):
            return pool.submit(read_shard, shard, settings)
    except OSError as error:
        if error.errno is not None:
            raise
        # A pool that breaks at this very moment has closed the pipe by which it would have been told of the shard.
        raise BrokenProcessPool from None


def reading_context() -> multiprocessing.context.BaseContext:
    # A fork would copy DuckDB's threads' locks into the child; a server process forks clean ones.
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    try:
        _start_server()
    except OSError:
        # Its socket lies in the folder for temporary files, whose path may be too long for one. Processes that are
        # started one by one need none, and take a little longer to begin.
        return multiprocessing.get_context("spawn")
    return multiprocessing.get_context("forkserver")


def _start_server() -> None:
    """Start the process that workers are forked from, with the reader imported and an allocator that suits trees.

    A tree is some hundred small pieces, taken and given back at once. The GNU allocator keeps seven of each size at
    hand by default; with some hundreds, reading takes a quarter less. Other systems do not look at the variable.
    """
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload(["analyser.archive.shard"])
    before = os.environ.get("GLIBC_TUNABLES")
    os.environ.setdefault("GLIBC_TUNABLES", "glibc.malloc.tcache_count=512")
    try:
        with silent_start():
            forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["GLIBC_TUNABLES"]


def _pool(workers: int, settings: ReadSettings) -> ProcessPoolExecutor:
    memory = settings.limits.process_memory
    return ProcessPoolExecutor(workers, mp_context=reading_context(), initializer=pooled_reader, initargs=(memory,))
