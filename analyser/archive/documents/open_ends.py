"""Dates that mean "no end yet": where one stands as an end, nothing has ended; as a start it is none.

Such a date is a habit of programs whose tables want every cell filled. It costs no document its place.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from analyser.archive.documents.problems import Problem
from analyser.archive.records import SCHEMAS

_ENDS = ("end", "closed", "left")
_STARTS = ("start", "opened", "decided", "joined")
_LAST_YEAR = 2999
"""No day of somebody's life is later."""
# By table: where its dates stand in a row, as (first column, whether it is an end).
_PLACES = {
    table: [
        (schema.names.index(f"{name}_text"), name in _ENDS)
        for name in (*_ENDS, *_STARTS)
        if f"{name}_text" in schema.names
    ]
    for table, schema in SCHEMAS.items()
}
_NO_DATE = (None, None, None)


def opened(
    rows: list[tuple[str, tuple[Any, ...]]], open_ends: frozenset[dt.date], problems: list[Problem]
) -> list[tuple[str, tuple[Any, ...]]]:
    """The rows with what means an open end left empty. Each kind of oddity is told once."""
    return [
        (table, _opened(table, row, open_ends, problems)) if _PLACES[table] else (table, row) for table, row in rows
    ]


def opened_date(
    date: tuple[Any, ...], open_ends: frozenset[dt.date], problems: list[Problem], *, end: bool
) -> tuple[Any, ...]:
    """A date of three columns, empty when it means an open end."""
    last = date[2]
    if last is None or not (last in open_ends or (not end and last.year > _LAST_YEAR)):
        return date
    told = Problem.OPEN_END if end else Problem.OPEN_END_AS_START
    if told not in problems:
        problems.append(told)
    return _NO_DATE


def _opened(
    table: str, row: tuple[Any, ...], open_ends: frozenset[dt.date], problems: list[Problem]
) -> tuple[Any, ...]:
    for at, end in _PLACES[table]:
        if row[at] is not None:
            date = row[at : at + 3]
            told = opened_date(date, open_ends, problems, end=end)
            if told is not date:
                row = (*row[:at], *told, *row[at + 3 :])
                if not end and table == "client_period" and Problem.PERIOD_WITHOUT_START not in problems:
                    problems.append(Problem.PERIOD_WITHOUT_START)
    return row
