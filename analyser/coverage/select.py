"""SELECTs that a user wrote: read without being run, and asked with an error that can be told."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from analyser.language import Told


class SelectError(ValueError):
    """SQL of the user that is not one SELECT, or that the database refuses; what is told is fit to be shown."""

    def __init__(self, told: Told | str) -> None:
        super().__init__()
        self.told = told


def one_select(sql: str) -> str:
    """The statement, if the text is exactly one SELECT. Raises SelectError."""
    try:
        parsed = duckdb.extract_statements(sql)
    except duckdb.Error:
        raise SelectError(Told("errors.profile.sql.unreadable")) from None
    if len(parsed) != 1 or parsed[0].type != duckdb.StatementType.SELECT:
        raise SelectError(Told("errors.profile.sql.one_select"))
    return str(parsed[0].query)


def ask(connection: duckdb.DuckDBPyConnection, select: str) -> pa.Table:
    """The rows of a user's SELECT. Raises SelectError.

    Only the kind of a refusal and the name at fault are told: the words of a failed conversion repeat the data.
    """
    try:
        return connection.execute(select).to_arrow_table()
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise SelectError(str(error).splitlines()[0][:200]) from None
    except duckdb.Error as error:
        raise SelectError(Told("errors.profile.sql.refused", {"error": type(error).__name__})) from None
