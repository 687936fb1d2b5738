"""Every reading of a row and of the intervals that may cover it, walked one day after another.

A reading chooses one concrete day for each partial date; one in which an interval ends before it starts is no reading.
Two months are 784 choices of one interval, three such intervals more than anybody waits for. So the walk goes through
the calendar once and keeps, at each day, every *situation* in which some reading stands: which intervals wait, run or
are over, and whether a day of the row was seen that is covered, and one that is not. Readings in one situation have the
same future, so that one of them is enough. `test_readings.py` holds the walk to the plain list of all readings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

FAR = dt.date(9999, 12, 31)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class Interval:
    """The first and last day that a start and an end may mean. FAR is an open end.

    `end_of` names the date that is the end of other intervals, too: all of them end on the one day that it means.
    """

    start_lo: dt.date
    start_hi: dt.date
    end_lo: dt.date
    end_hi: dt.date
    end_of: str = ""

    def readings(self) -> Iterator[tuple[dt.date, dt.date]]:
        """Every start with every end that is not before it."""
        for start in days(self.start_lo, self.start_hi):
            for end in [FAR] if self.end_lo == FAR else days(self.end_lo, self.end_hi):
                if start <= end:
                    yield start, end

    def read(self) -> bool:
        """Whether there is any reading."""
        return self.start_lo <= self.end_hi

    def partial(self) -> bool:
        """Whether there is more than one reading."""
        return self.start_lo < self.start_hi or self.end_lo < self.end_hi

    def last_start(self) -> dt.date:
        """The last day that the start can be without coming after the end."""
        return min(self.start_hi, self.end_hi)

    def first_end(self) -> dt.date:
        """The first day that the end can be without coming before the start."""
        return max(self.end_lo, self.start_lo)

    def possible(self, among: set[dt.date]) -> set[dt.date]:
        """Those of the days that some reading holds."""
        return {day for day in among if self.start_lo <= day <= self.end_hi}

    def certain(self, among: set[dt.date]) -> set[dt.date]:
        """Those of the days that every reading holds."""
        return {day for day in among if self.last_start() <= day <= self.first_end()}


def days(first: dt.date, last: dt.date) -> list[dt.date]:
    """All days from first to last."""
    return [first + n * _DAY for n in range((last - first).days + 1)]


def class_of(covered: bool, uncovered: bool) -> str:
    """The contract's class of a row with or without covered and uncovered days in the period.

    A row that has no day in the period lacks none.
    """
    if not uncovered:
        return "archived"
    return "partial" if covered else "missing"


def listed(row: Interval, covers: Sequence[Interval], period: set[dt.date]) -> set[str]:
    """All readings one by one: the definition itself, for small examples."""
    classes = set()
    for choice in product(*(list(cover.readings()) for cover in covers)):
        ends: dict[str, set[dt.date]] = {}
        for cover, (_, end) in zip(covers, choice, strict=True):
            if cover.end_of:
                ends.setdefault(cover.end_of, set()).add(end)
        if any(len(found) > 1 for found in ends.values()):
            continue
        covered = {day for day in period if any(start <= day <= end for start, end in choice)}
        for start, end in row.readings():
            own = {day for day in period if start <= day <= end}
            classes.add(class_of(bool(own & covered), bool(own - covered)))
    return classes


def walked(row: Interval, covers: Sequence[Interval], period: set[dt.date]) -> set[str]:
    """The same, day by day over situations. Every interval must have a reading, together with those that share its end.

    A situation says of each kind of equal intervals how many wait and how many run: it is the same which of them do.
    """
    certain = {day for cover in covers if not cover.partial() for day in cover.certain(period)}
    kinds = [row, *sorted({cover for cover in covers if cover.partial()})]
    many = [1, *(covers.count(kind) for kind in kinds[1:])]
    bounds = [day for i in kinds for day in (i.start_lo, i.start_hi, i.end_lo, i.end_hi) if day != FAR]
    at: set[tuple[_Places, bool, bool]] = {(tuple((n, 0) for n in many), False, False)}
    for day in days(min([*bounds, *period]), max([*bounds, *period])):
        then = set()
        for places, seen_covered, seen_uncovered in at:
            for today, tomorrow in _steps(kinds, many, places, day):
                covered = day in certain or any(running for _, running in today[1:])
                own = today[0] == (0, 1) and day in period
                then.add((tomorrow, seen_covered or (own and covered), seen_uncovered or (own and not covered)))
        at = then
    return {class_of(covered, uncovered) for _, covered, uncovered in at}


_Places = tuple[tuple[int, int], ...]
"""Of each kind: how many wait, how many run."""


def _steps(
    kinds: Sequence[Interval], many: Sequence[int], places: _Places, day: dt.date
) -> Iterator[tuple[_Places, _Places]]:
    """What can become of a situation on a day: who runs on it, and how it is left."""
    shared = {kind.end_of for kind in kinds if kind.end_of}
    for today in product(*(_begin(kind, place, day) for kind, place in zip(kinds, places, strict=True))):
        for ending in product([False, True], repeat=len(shared)):
            ends_now = dict(zip(sorted(shared), ending, strict=True))
            yield from (
                (today, tomorrow)
                for tomorrow in product(
                    *(
                        _end(kind, n, place, day, ends_now.get(kind.end_of))
                        for kind, n, place in zip(kinds, many, today, strict=True)
                    )
                )
            )


def _begin(kind: Interval, place: tuple[int, int], day: dt.date) -> list[tuple[int, int]]:
    """How many may begin on the day; on the last possible one, all that still wait."""
    waiting, running = place
    if not kind.start_lo <= day <= kind.start_hi:
        return [place]
    least = waiting if day == kind.start_hi else 0
    return [(waiting - begun, running + begun) for begun in range(least, waiting + 1)]


def _end(
    kind: Interval, many: int, place: tuple[int, int], day: dt.date, together: bool | None
) -> list[tuple[int, int]]:
    """How the day may leave those that wait and run. `together`: whether the end that they share is today."""
    waiting, running = place
    here = kind.end_lo <= day <= kind.end_hi
    if together is not None:
        if together:
            return [(0, 0)] if here and running == many else []
        return [place] if day < kind.end_hi or running + waiting == 0 else []
    if not here:
        return [place]
    if day == kind.end_hi:
        return [(0, 0)] if waiting == 0 else []
    return [(waiting, still) for still in range(running + 1)]
