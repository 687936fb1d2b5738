"""The oracle's walk over situations tells what the plain list of all readings tells."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random

from tests.oracle.readings import FAR, Interval, days, listed, walked

_FIRST = dt.date(2025, 1, 1)


def _day(number: int) -> dt.date:
    return _FIRST + dt.timedelta(days=number)


def test_a_walk_through_the_calendar_tells_what_the_list_of_all_readings_tells() -> None:
    random = Random(17)
    period = set(days(_day(2), _day(7)))
    seen: dict[str, int] = {}
    for _ in range(400):
        ends = {"d": (e := random.randrange(10), e + random.randrange(4))}

        def made(end_of: str = "", ends: dict[str, tuple[int, int]] = ends) -> Interval:
            start, width = random.randrange(9), random.choice([0, 0, 1, 3])
            end, more = ends["d"] if end_of else (start + random.randint(-2, 5), start + 5 + random.randint(-2, 3))
            if not end_of and random.random() < 0.5:
                more = end
            if not end_of and random.random() < 0.1:
                return Interval(_day(start), _day(start + width), FAR, FAR)
            return Interval(_day(start), _day(start + width), _day(end), _day(max(end, more)), end_of)

        row = made()
        covers = [made(random.choice(["", "", "d"])) for _ in range(random.randrange(4))]
        if covers and random.random() < 0.4:
            covers.append(covers[0])
        covers = [cover for cover in covers if cover.read()]
        if not row.read():
            continue
        classes = listed(row, covers, period)
        assert walked(row, covers, period) == classes
        kind = "".join(sorted(name[0] for name in classes))
        seen[kind] = seen.get(kind, 0) + 1
        # A day is uncovered in some reading when no interval covers it for certain. Intervals that end together end no
        # earlier than the last of them starts.
        last = max((cover.start_lo for cover in covers if cover.end_of), default=_FIRST)
        alone = [replace(c, end_lo=max(c.end_lo, last)) if c.end_of else c for c in covers]
        loose = {day for day in row.possible(period) if "missing" in listed(_one(day), covers, period)}
        assert loose == row.possible(period) - {day for cover in alone for day in cover.certain(period)}
    assert min(seen.get(kind, 0) for kind in ("a", "m", "p", "ap", "mp", "amp")) > 5, seen


def _one(day: dt.date) -> Interval:
    return Interval(day, day, day, day)
