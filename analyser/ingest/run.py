"""Ingest: from sources to the database, restartable, in bulk, with worker processes that may die.

Files that are what they were are not read again (`known.py`). What the workers give is loaded in batches; a batch is
one transaction together with the rows that say which members it came from, so a run that is killed continues where
it stopped and ends in the same database as an undisturbed one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from analyser.archive.documents.validate import strictness
from analyser.archive.files.discover import hashed, shards, survey
from analyser.archive.quarantine import HARMFUL
from analyser.archive.reader import READER
from analyser.archive.records import SCHEMAS
from analyser.archive.settings import ReadSettings
from analyser.ingest.engine import Engine
from analyser.ingest.isolated_reader import Opener
from analyser.ingest.known import Files
from analyser.ingest.loader import Loader, put_in_place
from analyser.ingest.pool import Tables, read_shards, reading_context, seldom_collected
from analyser.ingest.progress import Counts, IngestProgress, IngestStage
from analyser.messages.errors import UsageError
from analyser.store.audit import note
from analyser.store.database import Database, assert_persons_known
from analyser.store.first_row import first_number, first_row
from analyser.store.keeping import KeptDocuments, note_missing, take_leave
from analyser.store.quarantine import quarantined
from analyser.store.tables import (
    batch_views,
    drop_lone_identities,
    drop_refused,
    orphans_possible,
    outdated,
    place_documents,
    remove_orphans,
)

# Members loaded in one transaction: large enough that DuckDB works in bulk, small enough to hold in memory (about
# 1 kB each).
_BATCH_MEMBERS = 50_000


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
    kept: tuple[KeptDocuments, ...]
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
    engine: Engine | None = None,
) -> IngestSummary:
    """Read `sources` into the database, by processes of this machine or by an engine's workers.

    Raises UsageError when a source does not exist or all of them together hold no file.
    """
    assert_persons_known(database, "no_document")
    connection = database.connection
    note(database, "ingest", {"state": "begun", "sources": len(sources)})
    counts = Counts(sources, progress)
    strict = strictness(settings)
    changed = open_ends_changed(connection, settings)
    files = Files(connection, survey(sources, settings.pass_over), settings.terms, strict, counts)
    opener = Opener(settings, reading_context)
    work = counts.handed_out(shards(iter(files), settings, opener))
    before = documents_held(connection)
    with seldom_collected(), _Mark(connection) as mark, opener, Loader(connection, strict) as loader:
        read = read_shards(work, settings, workers, cautious=mark.careful) if engine is None else engine(work, settings)
        for batch in batches(read, counts):
            loader.load(batch)
        counts.tell(IngestStage.LOADING)
    files.note_touched()
    if not files.listed:
        names = ", ".join(f"‘{source.name}’" for source in sources)
        raise UsageError("archive.no_files", sources=names)
    gone = mark.careful or files.listed != files.unchanged or not files.seen.hold_all(connection)
    looked = Looked(files.listed, files.unchanged, files.checked_less, files.read_older)
    return tidied(database, looked, counts, files.seen.tables() if gone else None, before, changed, settings.validate)


@dataclass(frozen=True, slots=True)
class Looked:
    """How the files of the sources were found; see IngestSummary."""

    files: int
    unchanged: int
    checked_less: int
    read_older: int


def tidied(
    database: Database,
    looked: Looked,
    counts: Counts,
    listed: Mapping[str, pa.Table] | None,
    before: int,
    changed: bool,
    validate: str,
) -> IngestSummary:
    """Bring the database in order after everything has been loaded, and tell what was done.

    `listed`: what the sources hold now (tables of `Listed`), where something of them may have gone; `before`: documents
    held before.
    """
    connection = database.connection
    if orphans_possible(connection):
        counts.tell(IngestStage.TIDYING)
        remove_orphans(connection)
    if counts.found["member"]:
        drop_refused(connection)
    if looked.read_older:
        drop_lone_identities(connection)
    if listed is not None:
        with batch_views(connection, listed):
            note_missing(connection)
    place_documents(connection)
    kept, closed = take_leave(connection)
    counted = counts.found
    summary = IngestSummary(
        files=looked.files,
        unchanged=looked.unchanged,
        checked_less=looked.checked_less,
        read_older=looked.read_older,
        documents=counted["document"],
        new_documents=(held := documents_held(connection)) - before,
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
            "validate": validate,
            "documents_held": summary.documents_held,
            "archive": fingerprint(connection),
        },
    )
    put_in_place(connection)
    return summary


def _written(days: Iterable[dt.date]) -> str:
    return " ".join(sorted(day.isoformat() for day in days))


def open_ends_changed(connection: duckdb.DuckDBPyConnection, settings: ReadSettings) -> bool:
    """Whether the database holds documents that were read under other open ends; those of an empty one are noted."""
    days = _written(settings.open_ends)
    row = first_row(connection.execute("SELECT value FROM meta WHERE key = 'open_ends'"))
    if row is None or not documents_held(connection):
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('open_ends', $days)", {"days": days})
        return False
    return bool(row[0] != days)


def _open_ends(connection: duckdb.DuckDBPyConnection) -> int:
    return first_number(connection.execute("SELECT count(*) FROM document WHERE list_contains(problems, 'open-end')"))


def older_files(database: Database, sources: Sequence[Path]) -> int:
    """Files of the sources that an older version of the reader read: those that are there still will be read again."""
    return older_of(database.connection, [hashed(str(source.resolve())) for source in sources])


def older_of(connection: duckdb.DuckDBPyConnection, sources: Sequence[str]) -> int:
    """The same of sources by their keys."""
    return first_number(
        connection.execute(
            "SELECT count(*) FROM member WHERE mtime_ns IS NOT NULL AND standing IS NULL "
            "AND coalesce(reader, 0) < $reader AND list_contains($sources, source_key)",
            {"reader": READER, "sources": list(sources)},
        )
    )


def batches(results: Iterable[Tables], counts: Counts) -> Iterator[Tables]:
    """The results put together as they are loaded, each counted."""
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
        found = first_row(self._connection.execute("SELECT 1 FROM meta WHERE key = 'ingest_under_way'"))
        # What harmed its reader once is perhaps read again by this run.
        harmed = first_row(
            self._connection.execute(
                "SELECT 1 FROM quarantine WHERE list_contains($codes, code) LIMIT 1", {"codes": [*HARMFUL]}
            )
        )
        self.careful = found is not None or harmed is not None
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('ingest_under_way', 'yes')")
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(duckdb.Error):  # a full disk: the error that ends this run is on its way already
            self._connection.execute("DELETE FROM meta WHERE key = 'ingest_under_way'")


def documents_held(connection: duckdb.DuckDBPyConnection) -> int:
    return first_number(connection.execute("SELECT count(*) FROM document"))


def fingerprint(connection: duckdb.DuckDBPyConnection) -> str:
    """Of the documents that the database holds, whatever their order."""
    row = first_row(
        connection.execute(
            "SELECT lpad(to_hex(coalesce(bit_xor(md5_number_lower(document_key)), 0)), 16, '0') FROM document"
        )
    )
    return str(row[0]) if row else ""
