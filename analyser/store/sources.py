"""A register source that is a DuckDB file: opened for reading, with nothing but itself in reach of the query."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from analyser.errors import UsageError
from analyser.identity import redacted
from analyser.language import Told
from analyser.limits import Limits
from analyser.register.files import WANTED
from analyser.register.sheets import plain_texts
from analyser.register.sources import Source


def read_duckdb(asked: Source, limits: Limits) -> tuple[pl.DataFrame, list[tuple[int, Told]]]:
    """All cells as text under their column names. Raises UsageError."""
    path = Path(asked.place.get("file", ""))
    if not path.is_file():
        raise UsageError("source.no_duckdb_file", file=redacted(path.name), source=asked.name)
    try:
        statements = duckdb.extract_statements(asked.query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("source.one_select", source=asked.name)
        with duckdb.connect(
            str(path),
            read_only=True,
            config={
                "enable_external_access": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "temp_directory": "",  # persons' rows are not put on the disk beside another's file
            },
        ) as connection:
            # What the query makes of a moment, a cast to a day say, is not to depend on the machine's zone.
            connection.execute("SET TimeZone = 'Europe/Helsinki'")
            connection.execute("SET lock_configuration = true")
            frame = connection.execute(statements[0]).pl()
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        words = redacted(str(error).splitlines()[0][:200])
        raise UsageError("source.duckdb_refused", source=asked.name, words=words) from None
    except duckdb.Error as error:
        # The words of a failed conversion repeat the data.
        raise UsageError("source.duckdb_unreadable", source=asked.name, error=type(error).__name__) from None
    if frame.height > limits.register_rows:
        raise UsageError("source.too_many_rows", source=asked.name, limit=limits.register_rows)
    return plain_texts(frame, asked.label, WANTED, limits), []
