"""Which files of a survey are read: those that are new, changed, or would be understood otherwise now.

A file is the same when the system tells that nobody touched it, or else when its bytes are those that were read. Size
and modification time alone would not do: who copies a file may keep its time, and then a document is never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import duckdb
import pyarrow as pa

from analyser.archive.files.discover import FileStat, content_key
from analyser.archive.quarantine import BY_TERMS, TRANSIENT
from analyser.archive.reader import READER
from analyser.archive.settings import Strictness
from analyser.ingest.progress import Counts
from analyser.store.database import execute_all
from analyser.store.first_row import first_row
from analyser.store.keeping import ListedFiles
from analyser.store.tables import batch_views
from analyser.system.resources import query

_SURVEY_FILES = 5_000


class Files:
    """The files of a survey that are new or changed, counting all of them on the way."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        found: Iterable[FileStat],
        terms: str,
        strict: Strictness,
        counts: Counts,
    ) -> None:
        self._connection = connection
        self._counts = counts
        self._terms = terms
        self._strict = strict
        self._found = found
        self.listed = 0
        self.seen = ListedFiles()
        self.unchanged = 0
        self._touched: list[pa.Table] = []
        self.checked_less = 0
        """Files that have not changed and are read again, because they were not checked so strictly before."""
        self.read_older = 0
        """Files that have not changed and are read again, because an older version of the reader read them."""

    def __iter__(self) -> Iterator[FileStat]:
        (any_known,) = first_row(self._connection.execute("SELECT count(*) > 0 FROM member")) or (False,)
        found = iter(self._found)
        while files := list(islice(found, _SURVEY_FILES)):
            self.listed += len(files)
            self.seen.note(files)
            known = self._known(files) if any_known else set()
            self.unchanged += len(known)
            for place, file in enumerate(files):
                self._counts.listed(file, changed=place not in known)
                if place not in known:
                    yield file

    def _known(self, files: Sequence[FileStat]) -> set[int]:
        """Places of those that are as the database noted, checked as strictly as is asked for, and where another look
        would not help."""
        listing = pa.table(
            {
                "place": pa.array(range(len(files)), pa.int64()),
                "member_key": [file.member_key for file in files],
                "size": pa.array([file.size for file in files], pa.int64()),
                "mtime_ns": pa.array([file.mtime_ns for file in files], pa.int64()),
                "ctime_ns": pa.array([file.ctime_ns for file in files], pa.int64()),
                "sound": [file.problem is None for file in files],
            }
        )
        with batch_views(self._connection, {"listing": listing}):
            known = self._connection.execute(
                query("ingest", "known"),
                {
                    "reader": READER,
                    "structure": self._strict.structure,
                    "content": self._strict.content,
                    "transient": [code.value for code in TRANSIENT],
                    "by_terms": [code.value for code in BY_TERMS],
                    "terms": self._terms,
                },
            ).fetchall()
        self.read_older += sum(older for _, older, *_ in known)
        self.checked_less += sum(not older and not checked for _, older, checked, *_ in known)
        same: set[int] = set()
        touched: list[FileStat] = []
        for place, older, checked, untouched, content_hash in known:
            if older or not checked:
                continue
            if not untouched:
                if content_hash is None or content_key(files[place].path) != content_hash:
                    continue
                touched.append(files[place])
            same.add(place)
        if touched:
            self._touched.append(_moments(touched))
        return same

    def note_touched(self) -> None:
        """Note of the files that turned out to be the same when they were touched, once nobody else writes."""
        if not self._touched:
            return
        with batch_views(self._connection, {"touched": pa.concat_tables(self._touched)}):
            execute_all(self._connection, query("ingest", "touched"), {})


def _moments(files: Sequence[FileStat]) -> pa.Table:
    return pa.table(
        {
            "member_key": pa.array([file.member_key for file in files], pa.string()),
            "ctime_ns": pa.array([file.ctime_ns for file in files], pa.int64()),
        }
    )
