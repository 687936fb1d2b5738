"""Published figures beside own counts: a check from outside. What differs is plausible or not; it is never an error.

A figure is set beside own counts only when it speaks of exactly the days that the report does. Of every other one is
told that it was not compared.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from analyser.coverage.model import Model
from analyser.coverage.published import Reference, References
from analyser.coverage.result import Period

_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})\s*-?[Qq]([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


def references(model: Model, threshold: float) -> References | None:
    """Published figures of the model's period; None when no figure is loaded.

    `threshold`: the share of a published figure from which a difference is told.
    """
    known = model.rows("reference-periods")
    if not known:
        return None
    same = [name for name, _ in known if _speaks_of(name, model.period)]
    rows = model.rows("references", {"periods": same}) if same else []
    return References(
        threshold=threshold,
        rows=tuple(Reference(*row) for row in rows),
        not_compared=tuple((name, figures) for name, figures in known if name not in same),
    )


def _speaks_of(name: str, period: Period) -> bool:
    """Whether a figure's period is the report's: by its name, or by its days."""
    return name.strip() == period.id or _days(name.strip()) == (period.start, period.end)


def _days(name: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of a year, a quarter, a month or a range; None for another name."""
    if found := _YEAR.fullmatch(name):
        first, last = (int(found[1]), 1), (int(found[1]), 12)
    elif found := _QUARTER.fullmatch(name):
        first, last = (int(found[1]), 3 * int(found[2]) - 2), (int(found[1]), 3 * int(found[2]))
    elif (found := _MONTH.fullmatch(name)) and 1 <= int(found[2]) <= 12:
        first = last = (int(found[1]), int(found[2]))
    elif found := _RANGE.fullmatch(name):
        try:
            return dt.date.fromisoformat(found[1]), dt.date.fromisoformat(found[2])
        except ValueError:
            return None
    else:
        return None
    if first[0] < 1:
        return None
    return dt.date(*first, 1), dt.date(*last, calendar.monthrange(*last)[1])
