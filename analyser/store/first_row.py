"""One row of a result, and nothing of it left behind.

From version 2 on DuckDB refuses other work on a connection whose last result was not read to its end.
"""

from __future__ import annotations

from typing import Any

import duckdb


def first_row(result: duckdb.DuckDBPyConnection) -> tuple[Any, ...] | None:
    """The first row, the rest is read and dropped; None where there is none. For results of one row, or few."""
    rows = result.fetchall()
    return rows[0] if rows else None


def first_number(result: duckdb.DuckDBPyConnection, otherwise: int = 0) -> int:
    """The number that a result of one row and column holds; `otherwise` where there is no row."""
    row = first_row(result)
    return int(row[0]) if row else otherwise
