"""A database file that is held only while it is read, so that who looks at it for hours stops no ingest.

DuckDB lets a file be written by one process or read by several. A face that stays open therefore works in a database
in memory: the file is attached while somebody reads it and let go afterwards. Temporary tables of a cursor outlive
that, and hold no identifiers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analyser.store.database import attach, connect_beside, must_exist
from analyser.store.owned import real
from analyser.system.private_files import keep_private, let_go


class SharedDatabase:
    """A file that several cursors of this process read by turns with other processes that write it."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened yet: the file may be in use, or not be there.

        Until `close`, files that this process creates are for their owner alone: overflow may be written at any time.
        """
        self.path = real(path)
        keep_private()
        self._memory = connect_beside(self.path)
        self._lock = threading.Lock()
        self._readers = 0

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection with temporary tables of its own. Only one thread may use it at a time."""
        return self._memory.cursor()

    @contextmanager
    def reading(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
        """The cursor, with the file's tables at hand as long as the context lasts.

        Raises DatabaseInUseError while another process writes, UsageError when the file is missing or not ours.
        """
        with self._lock:
            if not self._readers:
                must_exist(self.path)
                attach(self._memory, self.path)
            self._readers += 1
        try:
            cursor.execute("USE archive")
            yield cursor
        finally:
            cursor.execute("USE memory")
            with self._lock:
                self._readers -= 1
                if not self._readers:
                    self._memory.execute("DETACH archive")

    def mark(self) -> tuple[int, int, int]:
        """Changes whenever the file or its log does: sizes in bytes and the newest time of change."""
        stats = [path.stat() for path in (self.path, self.path.with_name(f"{self.path.name}.wal")) if path.exists()]
        return (
            stats[0].st_size if stats else 0,
            stats[1].st_size if len(stats) > 1 else 0,
            max((stat.st_mtime_ns for stat in stats), default=0),
        )

    def close(self) -> None:
        """Let go of everything; what a thread is still reading ends with an error there."""
        self._memory.close()
        let_go()
