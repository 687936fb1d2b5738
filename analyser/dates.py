"""Dates as documents and registers write them: whole, or partial (`2024-05` is any day of that May).

A partial date is kept as three values: the text as written, the first and the last day it can be.
Nothing here guesses; a text that is no date raises ValueError without repeating the text, because
a field may hold anything.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from typing import NamedTuple

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{2,6})?(?:[+-]\d{4}|Z)?")
_FINNISH = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")


class PartialDate(NamedTuple):
    """A day, or a month or year in which the day is not known."""

    text: str
    """ISO 8601, reduced to the precision that is known: `2024`, `2024-05` or `2024-05-17`."""
    first: dt.date
    """The earliest day it can be."""
    last: dt.date
    """The latest day it can be."""


def partial_date(text: str) -> PartialDate:
    """Read `YYYY`, `YYYY-MM`, `YYYY-MM-DD` (day or month `00` is unknown), `YYYYMMDD…` or a moment.

    Raises ValueError when the text is none of these or names a day that does not exist.
    """
    text = text.strip()
    if match := _MOMENT.fullmatch(text):
        text = match[1]
    match = _PARTIAL.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        raise ValueError("not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else 0 for part in match.groups())
    return _of(year, month, day)


def register_date(text: str) -> PartialDate:
    """Read a date of a register file: as `partial_date`, or Finnish `d.m.yyyy`."""
    if match := _FINNISH.fullmatch(text.strip()):
        day, month, year = (int(part) for part in match.groups())
        if not (month and day):
            raise ValueError("not a date of the form YYYY-MM-DD or d.m.yyyy")
        return _of(year, month, day)
    return partial_date(text)


def _of(year: int, month: int, day: int) -> PartialDate:
    if not 1800 <= year <= 2999:
        raise ValueError("a year outside 1800-2999")
    if not month:
        if day:
            raise ValueError("a day without a month")
        return PartialDate(f"{year:04}", dt.date(year, 1, 1), dt.date(year, 12, 31))
    if not 1 <= month <= 12:
        raise ValueError("a month outside 1-12")
    if not day:
        return PartialDate(
            f"{year:04}-{month:02}", dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1])
        )
    try:
        whole = dt.date(year, month, day)
    except ValueError:
        raise ValueError("a day that does not exist") from None
    return PartialDate(whole.isoformat(), whole, whole)
