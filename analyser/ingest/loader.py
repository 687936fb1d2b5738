"""Loads what the readers gave while they read on, and keeps little of it in memory."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import duckdb
import pyarrow as pa

from analyser.archive.settings import Strictness
from analyser.store.database import second_cursor
from analyser.store.first_row import first_row
from analyser.store.tables import load_batch

# What the database may keep in memory meanwhile; without a limit all that was loaded stays there. A batch of ordinary
# documents takes some 40 MB.
LOADER_MEMORY = "64MB"


def put_in_place(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring what was committed from the log to its place in the file, in little memory.

    Otherwise that happens when the file is closed, and takes several times as much.
    """
    (before,) = first_row(connection.execute("SELECT current_setting('memory_limit')")) or ("",)
    connection.execute("SET memory_limit = $1", [LOADER_MEMORY])
    try:
        connection.execute("CHECKPOINT")
    except duckdb.OutOfMemoryException:
        connection.execute("SET memory_limit = $1", [before])
        connection.execute("CHECKPOINT")
    finally:
        connection.execute("SET memory_limit = $1", [before])


class Loader:
    """Loads batches in the background, one after another, so that the readers need not wait for the database.

    DuckDB gets one thread while the readers have the cores: with more it loads no faster and takes them time.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, strict: Strictness) -> None:
        self._connection = second_cursor(connection)
        self._strict = strict
        self._thread = ThreadPoolExecutor(1)
        self._under_way: Future[None] | None = None
        # RESET changes what DuckDB says of the limit, and not the limit: the setting of before is set again.
        (self._before,) = first_row(self._connection.execute("SELECT current_setting('memory_limit')")) or ("",)

    def __enter__(self) -> Loader:
        self._connection.execute("SET threads = 1")
        self._connection.execute("SET memory_limit = $1", [LOADER_MEMORY])
        return self

    def load(self, batch: Mapping[str, pa.Table]) -> None:
        """Load this batch when the one before it is in. Raises what went wrong with the one before."""
        self._finish()
        self._under_way = self._thread.submit(self._load, batch)

    def _load(self, batch: Mapping[str, pa.Table]) -> None:
        try:
            load_batch(self._connection, batch, self._strict)
        except duckdb.OutOfMemoryException:
            # Documents with uncommonly much in them. Nothing of the batch is in; from now on it may take what there is.
            self._connection.execute("SET memory_limit = $1", [self._before])
            load_batch(self._connection, batch, self._strict)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._thread.shutdown(wait=True)  # a transaction under way ends before anybody leaves
            self._connection.execute("RESET threads")
            self._connection.execute("SET memory_limit = $1", [self._before])
            self._connection.close()

    def _finish(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None
