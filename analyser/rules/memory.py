"""How much memory a check takes: as much as its data should need, and the rest goes to the disk.

The room of the rules holds the store once more, and without a limit DuckDB takes most of what the machine has before it
writes anything aside. Nobody's other programs shall suffer for that, and it is hardly slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import duckdb

_BYTES_A_ROW = 300
"""Of the tables of the store, all together. Half of it is enough for a county with all kinds of findings."""
_LEAST = 2**30
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")
_Result = TypeVar("_Result")


def frugal(connection: duckdb.DuckDBPyConnection, work: Callable[[], _Result]) -> _Result:
    """The result of `work`, which makes temporary tables and can begin anew.

    The limit stays, for what reads those tables; when it was too little for the work, it is lifted, and the work done
    once more from the start.
    """
    before, aside = connection.execute(
        "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
    ).fetchone() or ("", "")
    wanted = _wanted(connection)
    if not aside or wanted >= _bytes(before):
        return work()
    connection.execute("SET memory_limit = $1", [f"{wanted}B"])
    try:
        return work()
    except duckdb.OutOfMemoryException:
        connection.execute("SET memory_limit = $1", [before])
        _clear(connection)
        return work()


def _wanted(connection: duckdb.DuckDBPyConnection) -> int:
    (rows,) = connection.execute(
        "SELECT coalesce(sum(estimated_size), 0)::BIGINT FROM duckdb_tables() WHERE database_name = current_database()"
    ).fetchone() or (0,)
    return max(_LEAST, _BYTES_A_ROW * int(rows))


def _bytes(told: str) -> float:
    number, unit = told.split()
    return float(number) * float(1024 ** _UNITS.index(unit))


def _clear(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(
        "SELECT 'VIEW', view_name FROM duckdb_views() WHERE database_name = 'temp' AND NOT internal "
        "UNION ALL SELECT 'TABLE', table_name FROM duckdb_tables() WHERE database_name = 'temp'"
    ).fetchall()
    for kind, name in found:
        connection.execute(f'DROP {kind} temp.main."{name}"')
