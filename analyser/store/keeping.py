"""What was read stays when its file is replaced, moved or gone.

A member that is not in its file any more keeps its row, so that each document and frame is traced to where it was read;
what was put aside there is closed. Only what a reading came to is judged: a container that is damaged half-way, or a
folder that may not be listed, closes nothing below it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from analyser.archive.files.names import shown
from analyser.archive.quarantine import PASSING, Code
from analyser.store.database import execute_all
from analyser.store.first_row import first_row
from analyser.store.transaction import transaction
from analyser.system.resources import query

if TYPE_CHECKING:  # every command loads this, and few of them the readers of documents
    from analyser.archive.files.discover import FileStat

_PASSING = {"passing": [code.value for code in PASSING]}
# Reasons for which the rest of a stream was not read.
_CUT_OFF = (Code.BAD_CONTAINER, Code.EXPANSION, Code.TOO_MANY_MEMBERS, Code.CHANGED, Code.TOO_MUCH_MEMORY)
_BREAKING = {"breaking": [code.value for code in _CUT_OFF]}


@dataclass(frozen=True, slots=True)
class KeptDocuments:
    """What a file or source held that is not in it any more. All of it stays in the database."""

    name: str
    """Of the source, or of a container in it, as shown."""
    documents: int
    frames: int
    conflicts: int
    """Those of the documents that have another beside them now with the same set and version and other bytes."""


class ListedFiles:
    """What a survey listed, in 8 bytes a file: an archive may have a million of them."""

    def __init__(self) -> None:
        self._files = array("Q")
        self._sources: set[str] = set()
        self._shut: list[tuple[str, str]] = []

    def note(self, files: Sequence[FileStat]) -> None:
        """These were listed."""
        self._files.extend([int(file.member_key[:16], 16) for file in files])
        self._sources.update({file.source_key for file in files})
        self._shut += [(file.source_key, shown(file.member)) for file in files if file.problem is Code.UNREADABLE]

    def hold_all(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """Whether the database knows no more files of the sources than were listed, all of which it knows."""
        row = first_row(
            connection.execute(
                "SELECT count(*) FROM member "
                "WHERE mtime_ns IS NOT NULL AND standing IS NULL AND list_contains($sources, source_key)",
                {"sources": sorted(self._sources)},
            )
        )
        return row is not None and row[0] == len(self._files)

    def tables(self) -> dict[str, pa.Table]:
        """Files, sources and folders that could not be listed, for `queries/ingest/missing.sql`."""
        return {
            "listed": pa.table({"file_no": pa.array(memoryview(self._files), pa.uint64())}),
            "source": pa.table({"source_key": pa.array(sorted(self._sources), pa.string())}),
            "shut": pa.table(
                {
                    "source_key": pa.array([source for source, _ in self._shut], pa.string()),
                    "member": pa.array([member for _, member in self._shut], pa.string()),
                }
            ),
        }


def make_room(connection: duckdb.DuckDBPyConnection) -> bool:
    """Prepare the database for the members of a batch; whether some of their files were read before.

    Belongs into the transaction that loads the batch, before its members.
    """
    execute_all(connection, query("ingest", "begin"), {})
    if first_row(connection.execute("SELECT 1 FROM read_again LIMIT 1")) is None:
        return False
    execute_all(connection, query("ingest", "replace"), _PASSING)
    return True


def close_read(connection: duckdb.DuckDBPyConnection) -> None:
    """Judge what the files that the batch ends held before. Belongs after the members of the batch."""
    execute_all(connection, query("ingest", "finish"), _PASSING | _BREAKING)


def note_missing(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark what lies in files that their source does not list any more; needs the tables of `ListedFiles` as views."""
    find, *rest = duckdb.extract_statements(query("ingest", "missing"))
    with transaction(connection):
        connection.execute(find)
        if first_row(connection.execute("SELECT 1 FROM missing_file LIMIT 1")) is not None:
            for statement in rest:
                connection.execute(statement)


def take_leave(connection: duckdb.DuckDBPyConnection) -> tuple[list[KeptDocuments], int]:
    """What left its place since this was last asked, in this run or one that was killed, and how many entries of the
    quarantine were closed by that."""
    leaving = first_row(connection.execute("SELECT count(*) FROM member WHERE standing = 'leaving'")) != (0,)
    row = first_row(connection.execute("SELECT value FROM meta WHERE key = 'quarantine_closed'"))
    kept: list[KeptDocuments] = []
    if leaving:
        execute_all(connection, query("model", "07-copies"), {})
        kept = [KeptDocuments(*told) for told in connection.execute(query("ingest", "leaving")).fetchall()]
    if leaving or row is not None:
        with transaction(connection):
            connection.execute("UPDATE member SET standing = 'gone' WHERE standing = 'leaving'")
            connection.execute("DELETE FROM meta WHERE key = 'quarantine_closed'")
    return kept, int(row[0]) if row else 0
