"""Whether the data reach to the end of the period: what was not stored or loaded yet can be missing by that alone."""

from __future__ import annotations

import datetime as dt

import duckdb

from analyser.coverage.result import Period, Stale
from analyser.coverage.statements import statement
from analyser.national.dates import FINLAND


def stale(connection: duckdb.DuckDBPyConnection, period: Period) -> Stale:
    """What ends before the period does, for a connection in which the model of the period stands."""
    newest, lists = None, []
    for file, loaded_at, document in connection.execute(statement("stale")).fetchall():
        if loaded_at is None:
            newest = document
        elif (day := _in_finland(loaded_at)) <= period.end:  # the last day was not over yet
            lists.append((file, day))
    return Stale(newest if newest is not None and newest < period.end else None, tuple(lists))


def _in_finland(moment: dt.datetime) -> dt.date:
    return moment.replace(tzinfo=dt.UTC).astimezone(FINLAND).date()
