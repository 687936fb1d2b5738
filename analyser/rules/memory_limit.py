"""How much memory a check takes: as much as its data should need, and the rest goes to the disk.

The room of the rules holds the store once more, and without a limit DuckDB takes most of what the machine has before it
writes anything aside. Nobody's other programs shall suffer for that, and it is hardly slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import duckdb

from analyser.store.memory_limit import BYTES_A_ROW, bounded, comparing, rows_of_store

_LEAST = 2**30
_Result = TypeVar("_Result")


def frugal(connection: duckdb.DuckDBPyConnection, work: Callable[[], _Result], parts: int = 1) -> _Result:
    """The result of `work`, which makes temporary tables and can begin anew, where the county is compared in `parts`.

    The limit stays, for what reads those tables; when it was too little for the work, it is lifted, and the work done
    once more from the start.
    """
    wanted = max(_LEAST, BYTES_A_ROW * rows_of_store(connection) // parts)
    with comparing(parts):
        done, _ = bounded(connection, wanted, work, lambda: _clear(connection))
    return done


def _clear(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(
        "SELECT 'VIEW', view_name FROM duckdb_views() WHERE database_name = 'temp' AND NOT internal "
        "UNION ALL SELECT 'TABLE', table_name FROM duckdb_tables() WHERE database_name = 'temp'"
    ).fetchall()
    for kind, name in found:
        connection.execute(f'DROP {kind} temp.main."{name}"')
