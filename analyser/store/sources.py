"""A register source that is a DuckDB file: opened for reading, with nothing but itself in reach of the query."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from analyser.messages.errors import UsageError
from analyser.national.identifiers import redacted
from analyser.register.kinds import RegisterKind
from analyser.register.layout import PLAIN, Layout
from analyser.register.sheets import heading_of, plain_table
from analyser.register.sources import RegisterSource, answer_of
from analyser.register.table import FileRead
from analyser.store.allowed import objection
from analyser.store.arrow import arrow_table
from analyser.system.limits import Limits


def read_duckdb(
    asked: RegisterSource, limits: Limits, layout: Layout = PLAIN, kind: RegisterKind | None = None
) -> FileRead:
    """The cells of our columns as text. Raises UsageError."""
    path = Path(asked.place.get("file", ""))
    if not path.is_file():
        raise UsageError("source.no_duckdb_file", file=redacted(path.name), source=asked.name)
    table = answer_of(asked, limits, _answered, path, asked.name, asked.query)
    return book_of("DuckDB", table, asked, limits, layout, kind)


def book_of(
    form: str, table: pa.Table, asked: RegisterSource, limits: Limits, layout: Layout, kind: RegisterKind | None
) -> FileRead:
    """An answer as a table to load. Raises UsageError for one of too many rows or without our columns."""
    if table.num_rows > limits.register_rows:
        raise UsageError("source.too_many_rows", source=asked.name, limit=limits.register_rows)
    heading = heading_of(table.column_names, layout, kind, asked.label, limits)
    return FileRead(form, (plain_table(dict(enumerate(table.columns)), heading, asked.label),))


def _answered(path: Path, name: str, query: str) -> pa.Table:
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
            return arrow_table(connection, query)
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        words = redacted(str(error).splitlines()[0][:200])
        raise UsageError("source.duckdb_refused", source=name, words=words) from None
    except duckdb.Error as error:
        # The words of a failed conversion repeat the data.
        raise UsageError("source.duckdb_unreadable", source=name, error=type(error).__name__) from None
