"""Ingest: from sources to the database, restartable, in bulk, with worker processes that may die.

Files that are what they were are not read again (`known.py`). What the workers give is loaded in batches; a batch is
one transaction together with the rows that say which members it came from, so a run that is killed continues where
it stopped and ends in the same database as an undisturbed one.
"""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

import duckdb
import pyarrow as pa

from analyser.archive.discover import hashed, shards, survey
from analyser.archive.quarantine import HARMFUL
from analyser.archive.reader import READER
from analyser.archive.records import SCHEMAS
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import ContainerMetError, Shard, read_shard
from analyser.archive.validate import strictness
from analyser.errors import UsageError
from analyser.processes import main_left_out, silent_start
from analyser.store.alone import Opener, pooled_reader, read_alone
from analyser.store.audit import note
from analyser.store.database import Database, assert_persons_known
from analyser.store.keeping import Kept, note_missing, take_leave
from analyser.store.known import Files
from analyser.store.loader import Loader, put_in_place
from analyser.store.progress import Counts, IngestProgress, Stage
from analyser.store.quarantine import quarantined
from analyser.store.tables import (
    batch_views,
    drop_lone_identities,
    drop_refused,
    orphans_possible,
    outdated,
    remove_orphans,
)

# Members loaded in one transaction: large enough that DuckDB works in bulk, small enough to hold in memory (about
# 1 kB each).
_BATCH_MEMBERS = 50_000
# Shards under way for each worker: enough that none waits, few enough that results do not pile up.
_AHEAD = 3
# Below this many shards a pool costs more than it saves.
_POOL_FROM = 3
_COLLECTED_EACH = 100_000

Tables = dict[str, pa.Table]


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What one ingest did."""

    files: int
    """Files looked at, containers counted as one."""
    unchanged: int
    """Files that are as they were read: by size and times, or by their bytes where somebody touched them."""
    checked_less: int
    """Files read again although unchanged, because they were not checked so strictly before."""
    read_older: int
    """Files read again although unchanged, because an older version of the reader had read them."""
    documents: int
    """Members that are documents, read in this run."""
    new_documents: int
    """Documents that the database did not hold before."""
    documents_held: int
    """Documents that the database holds afterwards."""
    frames: int
    answers: int
    """Messages with answers of the archive."""
    quarantined: int
    """Members put into quarantine in this run."""
    bytes: int
    passed_over: int
    """Names of files and members that are no documents, met in this run."""
    quarantine_total: int
    """Entries of the quarantine listing afterwards."""
    kept: tuple[Kept, ...]
    """What files held that is not in them any more, by file or source."""
    open_ends: int
    """Documents of the database that write an open end as a date."""
    open_ends_changed: bool
    """Whether what the database holds was read under other open ends: it stays as it was read."""
    outdated: int
    """Documents that stand as an older version of the reader understood them: their files were not read again."""
    closed: int
    """Entries of the quarantine that ended: what was put aside is gone from its place, or can be read there now."""


def ingest(
    database: Database,
    sources: Sequence[Path],
    settings: ReadSettings,
    *,
    workers: int = 1,
    progress: Callable[[IngestProgress], None] | None = None,
) -> IngestSummary:
    """Read `sources` into the database.

    Raises UsageError when a source does not exist or all of them together hold no file.
    """
    assert_persons_known(database, "no_document")
    connection = database.connection
    note(database, "ingest", {"state": "begun", "sources": len(sources)})
    counts = Counts(sources, progress)
    strict = strictness(settings)
    changed = _open_ends_changed(connection, settings)
    files = Files(connection, survey(sources, settings.pass_over), settings.terms, strict, counts)
    opener = Opener(settings, _context)
    work = counts.handed_out(shards(iter(files), settings, opener))
    before = _documents(connection)
    with _seldom_collected(), _Mark(connection) as mark, opener, Loader(connection, strict) as loader:
        for batch in _batches(_read(work, settings, workers, cautious=mark.careful), counts):
            loader.load(batch)
        counts.tell(Stage.LOADING)
    files.note_touched()
    if not files.listed:
        names = ", ".join(f"‘{source.name}’" for source in sources)
        raise UsageError("archive.no_files", sources=names)
    if orphans_possible(connection):
        counts.tell(Stage.TIDYING)
        remove_orphans(connection)
    if counts.found["member"]:
        drop_refused(connection)
    if files.read_older:
        drop_lone_identities(connection)
    if mark.careful or files.listed != files.unchanged or not files.seen.hold_all(connection):
        with batch_views(connection, files.seen.tables()):
            note_missing(connection)
    kept, closed = take_leave(connection)
    counted = counts.found
    summary = IngestSummary(
        files=files.listed,
        unchanged=files.unchanged,
        checked_less=files.checked_less,
        read_older=files.read_older,
        documents=counted["document"],
        new_documents=(held := _documents(connection)) - before,
        documents_held=held,
        frames=counted["frame"],
        answers=counted["acknowledgement"],
        quarantined=counted["quarantine"],
        bytes=counted["bytes"],
        passed_over=counted["passed-over"],
        quarantine_total=quarantined(database),
        kept=tuple(kept),
        open_ends=_open_ends(connection),
        open_ends_changed=changed,
        closed=closed,
        outdated=outdated(connection),
    )
    note(
        database,
        "ingest",
        {
            "state": "done",
            "files": summary.files,
            "unchanged": summary.unchanged,
            "documents": summary.documents,
            "new_documents": summary.new_documents,
            "frames": summary.frames,
            "answers": summary.answers,
            "quarantined": summary.quarantined,
            "quarantine_closed": summary.closed,
            "kept": sum(left.documents for left in summary.kept),
            "validate": settings.validate,
            "documents_held": summary.documents_held,
            "archive": fingerprint(connection),
        },
    )
    put_in_place(connection)
    return summary


def _written(days: Iterable[dt.date]) -> str:
    return " ".join(sorted(day.isoformat() for day in days))


def _open_ends_changed(connection: duckdb.DuckDBPyConnection, settings: ReadSettings) -> bool:
    """Whether the database holds documents that were read under other open ends; those of an empty one are noted."""
    days = _written(settings.open_ends)
    row = connection.execute("SELECT value FROM meta WHERE key = 'open_ends'").fetchone()
    if row is None or not _documents(connection):
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('open_ends', $days)", {"days": days})
        return False
    return bool(row[0] != days)


def _open_ends(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT count(*) FROM document WHERE list_contains(problems, 'open-end')").fetchone()
    return int(row[0]) if row else 0


def older_files(database: Database, sources: Sequence[Path]) -> int:
    """Files of the sources that an older version of the reader read: those that are there still will be read again."""
    row = database.connection.execute(
        "SELECT count(*) FROM member WHERE mtime_ns IS NOT NULL AND standing IS NULL "
        "AND coalesce(reader, 0) < $reader AND list_contains($sources, source_key)",
        {"reader": READER, "sources": [hashed(str(source.resolve())) for source in sources]},
    ).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Members wait by the ten thousand for their readers, and none of them is garbage: it is looked for less often."""
    before = gc.get_threshold()
    gc.set_threshold(_COLLECTED_EACH, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _batches(results: Iterable[Tables], counts: Counts) -> Iterator[Tables]:
    waiting: list[Tables] = []
    members = 0
    for tables in results:
        counts.read(tables["member"])
        waiting.append(tables)
        members += tables["member"].num_rows
        if members >= _BATCH_MEMBERS:
            yield _joined(waiting)
            waiting, members = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(parts: Sequence[Tables]) -> Tables:
    return {name: pa.concat_tables([part[name] for part in parts]) for name in SCHEMAS}


class _Mark:
    """A mark in the database for as long as an ingest runs.

    One that is there already was left by a run that was killed, perhaps by what it read in its own process: then this
    run reads nothing in its own, and the member that kills costs itself alone.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.careful = False

    def __enter__(self) -> _Mark:
        found = self._connection.execute("SELECT 1 FROM meta WHERE key = 'ingest_under_way'").fetchone()
        # What harmed its reader once is perhaps read again by this run.
        harmed = self._connection.execute(
            "SELECT 1 FROM quarantine WHERE list_contains($codes, code) LIMIT 1", {"codes": [*HARMFUL]}
        ).fetchone()
        self.careful = found is not None or harmed is not None
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('ingest_under_way', 'yes')")
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(duckdb.Error):  # a full disk: the error that ends this run is on its way already
            self._connection.execute("DELETE FROM meta WHERE key = 'ingest_under_way'")


def _read(work: Iterator[Shard], settings: ReadSettings, workers: int, *, cautious: bool) -> Iterator[Tables]:
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
                yield from read_alone(shard, settings, _context())
                continue
            tables = None if any(entry.depth for entry in shard.entries) else _read_here(shard, here)
            if tables is None:
                remaining = chain([shard], remaining)
                break
            yield tables
        else:
            return
    yield from _read_watched(remaining, settings, workers)


def _read_here(shard: Shard, settings: ReadSettings) -> Tables | None:
    """What a shard of documents gives; None where something in it has members."""
    try:
        return read_shard(shard, settings)
    except ContainerMetError:
        return None


def _read_watched(remaining: Iterator[Shard], settings: ReadSettings, workers: int) -> Iterator[Tables]:
    while True:
        try:
            yield from _read_in_pool(remaining, settings, workers, lost := deque[Shard]())
        except (BrokenProcessPool, MemoryError):
            # Some shard killed its worker, or left it no memory to answer with. Those under way are read again one by
            # one, each in a process of its own.
            for shard in lost:
                yield from read_alone(shard, settings, _context())
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


def _context() -> multiprocessing.context.BaseContext:
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
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=pooled_reader, initargs=(memory,))


def _documents(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT count(*) FROM document").fetchone()
    return int(row[0]) if row else 0


def fingerprint(connection: duckdb.DuckDBPyConnection) -> str:
    """Of the documents that the database holds, whatever their order."""
    row = connection.execute(
        "SELECT lpad(to_hex(coalesce(bit_xor(md5_number_lower(document_key)), 0)), 16, '0') FROM document"
    ).fetchone()
    return str(row[0]) if row else ""
