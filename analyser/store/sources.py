"""A register source that is a DuckDB file: opened for reading, with nothing but itself in reach of the query."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from analyser.errors import UsageError
from analyser.identity import redacted
from analyser.limits import Limits
from analyser.processes import DiedError, TooSlowError, answer_apart
from analyser.register.kinds import Kind
from analyser.register.layout import PLAIN, Layout
from analyser.register.sheets import heading_of, plain_table
from analyser.register.sources import SECONDS, Source
from analyser.register.table import Book
from analyser.store.allowed import objection


def read_duckdb(asked: Source, limits: Limits, layout: Layout = PLAIN, kind: Kind | None = None) -> Book:
    """The cells of our columns as text. Raises UsageError."""
    path = Path(asked.place.get("file", ""))
    if not path.is_file():
        raise UsageError("source.no_duckdb_file", file=redacted(path.name), source=asked.name)
    try:
        frame = answer_apart(SECONDS, limits.process_memory, _answered, path, asked.name, asked.query)
    except TooSlowError:
        raise UsageError("source.too_slow", source=asked.name, seconds=SECONDS) from None
    except DiedError:
        raise UsageError("source.died", source=asked.name) from None
    if frame.height > limits.register_rows:
        raise UsageError("source.too_many_rows", source=asked.name, limit=limits.register_rows)
    heading = heading_of(frame.columns, layout, kind, asked.label, limits)
    places = {name: str(place) for place, name in enumerate(frame.columns)}
    return Book("DuckDB", (plain_table(frame.rename(places), heading, asked.label),))


def _answered(path: Path, name: str, query: str) -> pl.DataFrame:
    try:
        statements = duckdb.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("source.one_select", source=name)
        if (told := objection(query, own_schemas=True)) is not None:
            raise UsageError("source.not_allowed", source=name, told=told)
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
            return connection.execute(statements[0]).pl()
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        words = redacted(str(error).splitlines()[0][:200])
        raise UsageError("source.duckdb_refused", source=name, words=words) from None
    except duckdb.Error as error:
        # The words of a failed conversion repeat the data.
        raise UsageError("source.duckdb_unreadable", source=name, error=type(error).__name__) from None
