"""Work within a bound of memory: what does not fit goes to the disk; where that is too little, the bound is lifted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import duckdb

from analyser.messages.errors import ExitCode, KantaGapError
from analyser.store.first_row import first_number, first_row

BYTES_A_ROW = 300
"""Of the tables of the store, all together: what a comparison needs in memory to be hardly slower."""
_MOST_PARTS = 64
"""More parts cost time and save nothing: beside the part under way stands what all of them gave."""
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")
_Result = TypeVar("_Result")
_inside: ContextVar[bool] = ContextVar("inside", default=False)


class NotComparedError(KantaGapError):
    """Memory or disk gave out while the county was compared in parts: exit 3. No figure is told."""

    exit_code = ExitCode.UNCHECKED


@contextmanager
def comparing(parts: int) -> Iterator[None]:
    """Tell in words when memory or disk give out while the county is compared in so many parts; nothing of one.

    What does so inside of another is told by the outer one, which may lift the bound first.
    """
    if parts == 1 or _inside.get():
        yield
        return
    token = _inside.set(True)
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        what = "no_memory" if isinstance(error, duckdb.OutOfMemoryException) else "no_room"
        raise NotComparedError(f"coverage.{what}", parts=parts) from error
    finally:
        _inside.reset(token)


def bounded(
    connection: duckdb.DuckDBPyConnection, wanted: int, work: Callable[[], _Result], again: Callable[[], None]
) -> tuple[_Result, str]:
    """The result of `work` within `wanted` bytes, and the limit of before, which is not set again.

    Where that was too little, the limit of before holds, and after `again` the work is done once more. A database
    that may put nothing aside is not bounded.
    """
    before, aside = first_row(
        connection.execute("SELECT current_setting('memory_limit'), current_setting('temp_directory')")
    ) or ("", "")
    if not aside or wanted >= _bytes(before):
        return work(), before
    try:
        connection.execute("SET memory_limit = $1", [f"{wanted}B"])
    except duckdb.OutOfMemoryException:  # what stands takes more, and there is no room on the disk to put it aside
        return work(), before
    try:
        return work(), before
    except duckdb.OutOfMemoryException:
        connection.execute("SET memory_limit = $1", [before])
        again()
        return work(), before
    except BaseException:
        connection.execute("SET memory_limit = $1", [before])
        raise


def parts_that_fit(connection: duckdb.DuckDBPyConnection) -> int:
    """In how many parts a comparison of the store goes within the memory that there is: one, where the whole does."""
    (limit,) = first_row(connection.execute("SELECT current_setting('memory_limit')")) or ("0 bytes",)
    needed, room = BYTES_A_ROW * rows_of_store(connection), _bytes(limit)
    # A part takes half of it: the rest is for what the parts gave, and for who asks.
    return 1 if needed <= room else min(_MOST_PARTS, math.ceil(2 * needed / max(room, 1)))


def rows_of_store(connection: duckdb.DuckDBPyConnection) -> int:
    """Rows of all tables of the store, about."""
    rows = first_number(
        connection.execute(
            "SELECT coalesce(sum(estimated_size), 0)::BIGINT FROM duckdb_tables() "
            "WHERE database_name = current_database()"
        )
    )
    return int(rows)


def _bytes(told: str) -> float:
    number, unit = told.split()
    return float(number) * float(1024 ** _UNITS.index(unit))
