"""SQL of a user in a process of its own: it may fail, run for ever, want all memory or crash, at nobody else's cost.

The process has a copy of the tables that the SQL names, in a database in memory whose door is locked, no way to the
terminal, a bound on its memory, and a clock; it never sees the store. Rules of the project run where the model is.
"""

from __future__ import annotations

import multiprocessing
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb
import pyarrow as pa

from analyser.store.arrow import arrow_reader
from analyser.store.database import CONFIG
from analyser.system.processes import DiedError, TooSlowError, reading_process, silence, start

_STARTING = 60.0
"""Seconds that a process may take to start, and to take the tables in, on a machine that has other things to do."""
_GRACE = 5.0
"""Seconds beyond its limit in which SQL should have been interrupted from inside."""
MEMORY = 4 * 2**30
"""Bytes that the process may take."""
_MEMORY_OF_SQL = "2GiB"
_ASIDE = "16GiB"
"""What does not fit into memory goes beside the database, where that may be: no more than this."""
_BATCH = 100_000
_WALLS = (
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)

_Values = ParamSpec("_Values")
_Answer = TypeVar("_Answer")


class Apart:
    """A room for SQL of a user, with some tables of a connection. It is made anew when its process has ended."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str], aside: str = "") -> None:
        """`tables`: the name in the room and where the connection has it. `aside`: a folder for what does not fit into
        memory, empty for none."""
        self._connection = connection
        self._tables = dict(tables)
        self._aside = aside
        self._process: Any = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, and remove what it may have put aside."""
        self._end()

    def ask(
        self,
        seconds: float | None,
        job: Callable[Concatenate[duckdb.DuckDBPyConnection, _Values], _Answer],
        *values: _Values.args,
        **named: _Values.kwargs,
    ) -> _Answer:
        """What `job`, a function of a module, answers inside. Raises DiedError, TooSlowError, or what it raises."""
        if self._process is None:
            self._begin()
        try:
            self._pipe.send((job, values, named))  # type: ignore[union-attr]
            answer, error = self._receive(None if seconds is None else seconds + _GRACE)
        except BaseException:
            self._end()
            raise
        if error is not None:
            raise error
        found: _Answer = answer
        return found

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._aside), daemon=True)
        start(process)
        self._process = process
        theirs.close()
        try:
            for name, source in self._tables.items():
                self._send(name, source)
            self._pipe.send(None)
            self._receive(_STARTING)
        except (BrokenPipeError, ConnectionResetError):
            self._end()
            raise DiedError from None
        except BaseException:
            self._end()
            raise

    def _send(self, name: str, source: str) -> None:
        # A name of the model's or the room's own making; a relation cannot be bound as a parameter.
        reader = arrow_reader(self._connection, f"FROM {source}", _BATCH)
        assert self._pipe is not None
        self._pipe.send((name, reader.schema))
        for batch in reader:
            self._pipe.send(batch)
        self._pipe.send(None)

    def _receive(self, seconds: float | None) -> tuple[Any, BaseException | None]:
        assert self._pipe is not None
        if not wait([self._pipe, self._process.sentinel], seconds):
            raise TooSlowError
        try:
            found: tuple[Any, BaseException | None] = self._pipe.recv()
        except (EOFError, OSError):
            raise DiedError from None
        return found

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._pipe.close()  # type: ignore[union-attr]
            self._process = self._pipe = None
            if self._aside:
                shutil.rmtree(self._aside, ignore_errors=True)  # a process that is killed leaves it


def named_in(texts: Sequence[str], tables: Mapping[str, str]) -> dict[str, str]:
    """Those tables that some text could mean."""
    words = {word.lower() for text in texts for word in re.findall(r"\w+", text)}
    return {name: source for name, source in tables.items() if name.lower() in words}


def _serve(pipe: Connection, aside: str) -> None:
    reading_process(MEMORY)
    silence()
    with duckdb.connect(":memory:", config=CONFIG | {"temp_directory": aside}) as room:
        room.execute(f"SET memory_limit = '{_MEMORY_OF_SQL}'")
        if aside:
            room.execute(f"SET max_temp_directory_size = '{_ASIDE}'")
        while (told := pipe.recv()) is not None:
            name, schema = told
            room.from_arrow(pa.RecordBatchReader.from_batches(schema, _batches(pipe))).create(name)
        for wall in _WALLS:
            room.execute(wall)
        pipe.send((None, None))
        while True:
            try:
                job, values, named = pipe.recv()
            except EOFError:
                return
            try:
                pipe.send((job(room, *values, **named), None))
            except MemoryError:
                return
            except Exception as error:  # noqa: BLE001  whatever it is, it is raised where it was asked
                pipe.send((None, error))


def _batches(pipe: Connection) -> Iterator[pa.RecordBatch]:
    while (batch := pipe.recv()) is not None:
        yield batch
