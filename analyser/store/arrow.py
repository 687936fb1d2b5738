"""What a SELECT finds as an Arrow table, in whichever version of DuckDB is allowed or comes next.

From version 2 on DuckDB copies, with a warning, what `execute` found when Arrow is asked for; a relation gives it as it
is.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

_BATCH = 1_000_000


def arrow_table(
    connection: duckdb.DuckDBPyConnection,
    select: str,
    values: Mapping[str, object] | None = None,
    batch: int = _BATCH,
) -> pa.Table:
    """The rows of one SELECT, read to their end, in such batches. Raises duckdb.Error as `execute` does."""
    return connection.sql(select, params=values).to_arrow_table(batch)


def arrow_reader(connection: duckdb.DuckDBPyConnection, select: str, batch: int) -> pa.RecordBatchReader:
    """The same, batch by batch, for what need not be in memory at once."""
    return connection.sql(select).to_arrow_reader(batch)
