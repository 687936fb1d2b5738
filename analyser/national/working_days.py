"""Finnish working days: Monday to Friday, without the days on which authorities and offices are closed.

Those are the public holidays of the year and the two eves that offices keep free, Midsummer Eve and Christmas Eve, as
the package `holidays` knows them.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

_DAY = dt.timedelta(days=1)


@cache
def holidays(year: int) -> frozenset[dt.date]:
    """Days of the year that are free, weekends among them only where they are holidays themselves."""
    # Here, since it takes a tenth of a second: most questions have no deadline.
    from holidays import country_holidays

    return frozenset(country_holidays("FI", years=year, expand=False))


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
