"""Finnish working days: Monday to Friday, without the days on which authorities and offices are closed.

Public holidays as they stand since 1992, and the two eves that offices keep free: Midsummer Eve and Christmas Eve.
Computed, not listed: they follow from Easter and fixed rules.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

_DAY = dt.timedelta(days=1)


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus, Nature 1876)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    epact = (19 * golden + century - leap_centuries - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[dt.date]:
    """Days of the year that are free, weekends among them only where they are holidays themselves."""
    sunday = easter(year)
    midsummer = _weekday_from(dt.date(year, 6, 20), 5)
    return frozenset(
        (
            dt.date(year, 1, 1),  # New Year's Day
            dt.date(year, 1, 6),  # Epiphany
            sunday - 2 * _DAY,  # Good Friday
            sunday,
            sunday + _DAY,  # Easter Monday
            dt.date(year, 5, 1),  # May Day
            sunday + 39 * _DAY,  # Ascension Day
            sunday + 49 * _DAY,  # Whit Sunday
            midsummer - _DAY,
            midsummer,
            _weekday_from(dt.date(year, 10, 31), 5),  # All Saints' Day
            dt.date(year, 12, 6),  # Independence Day
            dt.date(year, 12, 24),  # Christmas Eve
            dt.date(year, 12, 25),
            dt.date(year, 12, 26),
        )
    )


def is_working_day(day: dt.date) -> bool:
    """Whether offices work on the day."""
    return day.weekday() < 5 and day not in holidays(day.year)


def working_days(first: dt.date, last: dt.date) -> int:
    """Working days from the first day to the last, both included; 0 when the last is before the first."""
    weeks, rest = divmod(max(0, (last - first).days + 1), 7)
    tail = sum((first + _DAY * (7 * weeks + n)).weekday() < 5 for n in range(rest))
    free = sum(
        first <= day <= last and day.weekday() < 5
        for year in range(first.year, last.year + 1)
        for day in holidays(year)
    )
    return 5 * weeks + tail - free if last >= first else 0


def _weekday_from(day: dt.date, weekday: int) -> dt.date:
    """The first such weekday (Monday 0) on the day or after it."""
    return day + _DAY * ((weekday - day.weekday()) % 7)
