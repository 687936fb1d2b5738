"""SELECTs that a user wrote: read without being run, and asked with an error that can be told."""

from __future__ import annotations

from collections.abc import Collection

import duckdb
import pyarrow as pa

from analyser.messages.catalogue import Message
from analyser.store.allowed import objection
from analyser.store.apart import Apart
from analyser.store.arrow import arrow_table
from analyser.system.processes import DiedError, TooSlowError

_SECONDS = 600
"""That a SELECT of a delivery may take."""


class SelectError(ValueError):
    """SQL of the user that is not one SELECT, or that the database refuses; what is told is fit to be shown."""

    def __init__(self, told: Message | str) -> None:
        super().__init__()
        self.told = told


def one_select(sql: str) -> str:
    """The statement, if the text is exactly one SELECT. Raises SelectError."""
    try:
        parsed = duckdb.extract_statements(sql)
    except duckdb.Error:
        raise SelectError(Message("errors.profile.sql.unreadable")) from None
    if len(parsed) != 1 or parsed[0].type != duckdb.StatementType.SELECT:
        raise SelectError(Message("errors.profile.sql.one_select"))
    return str(parsed[0].query)


class Asker:
    """Asks SELECTs of a user in a process apart, which has the tables that they may read and no others."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Collection[str], *, trusted: bool) -> None:
        """`trusted`: the SQL is the project's own, and is asked of the connection itself."""
        self._connection = connection
        self._apart = None if trusted else Apart(connection, {name: f"temp.main.{name}" for name in tables})
        self._answers: dict[str, pa.Table] = {}

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._apart is not None:
            self._apart.close()

    def ask(self, select: str) -> pa.Table:
        """The rows of a SELECT, asked once. Raises SelectError."""
        if select not in self._answers:
            self._answers[select] = self._asked(select)
        return self._answers[select]

    def _asked(self, select: str) -> pa.Table:
        if self._apart is None:
            told = _ask(self._connection, select)
        else:
            try:
                told = self._apart.ask(_SECONDS, _ask_inside, select)
            except TooSlowError:
                told = Message("errors.profile.sql.too_slow", {"seconds": _SECONDS})
            except DiedError:
                told = Message("errors.rule.died")
        if isinstance(told, Message | str):
            raise SelectError(told)
        return told


def _ask_inside(room: duckdb.DuckDBPyConnection, select: str) -> pa.Table | Message | str:
    return objection(select) or _ask(room, select)


def _ask(connection: duckdb.DuckDBPyConnection, select: str) -> pa.Table | Message | str:
    """The rows, or what to tell: a refusal's kind and the name at fault, as the words of a failed conversion repeat
    the data."""
    try:
        return arrow_table(connection, select)
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        return str(error).splitlines()[0][:200]
    except duckdb.Error as error:
        return Message("errors.profile.sql.refused", {"error": type(error).__name__})
