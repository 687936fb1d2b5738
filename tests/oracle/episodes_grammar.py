"""How the days of one person, organiser, layer and task lie: what the contract lets documents and registers write.

Equal units, nested, adjacent, a day apart, ended and opened again, or as it comes; and each date whole, a month or a
year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random

_DAY = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date | None]
"""First and last day; no last day is an open end."""

_BORDERS = [
    dt.date(2024, 11, 5), dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2025, 1, 1), dt.date(2025, 1, 2),
    dt.date(2025, 1, 31), dt.date(2025, 2, 1), dt.date(2025, 2, 1), dt.date(2025, 2, 14), dt.date(2025, 2, 28),
    dt.date(2025, 3, 1), dt.date(2025, 3, 30), dt.date(2025, 3, 31), dt.date(2025, 3, 31), dt.date(2025, 4, 1),
]  # fmt: skip


def border(random: Random) -> dt.date:
    """A day near which something changes."""
    return random.choice(_BORDERS) + random.choice([0, 0, 0, 0, 0, 0, 1, -1, 9]) * _DAY


def span(random: Random, open_in: int = 4) -> Span:
    """Some days, one in `open_in` without an end."""
    first, last = sorted([border(random), border(random)])
    return first, None if random.randrange(open_in) == 0 else last


def _equal(random: Random, number: int) -> list[Span]:
    return [span(random)] * number


def _nested(random: Random, number: int) -> list[Span]:
    first, last = span(random)
    found = [(first, last)]
    while len(found) < number:
        first = first + random.choice([0, 0, 1, 10]) * _DAY
        last = last - random.choice([0, 0, 1, 10]) * _DAY if last else random.choice([None, border(random)])
        if last and last < first:
            break
        found.append((first, last))
    return found


def _in_a_row(random: Random, number: int, gaps: Sequence[int]) -> list[Span]:
    first = border(random) - random.choice([0, 0, 30]) * _DAY
    found: list[Span] = []
    for n in range(number):
        last = first + random.choice([0, 1, 13, 27, 44, 89]) * _DAY
        found.append((first, None if n == number - 1 and random.randrange(3) == 0 else last))
        first = last + (1 + random.choice(gaps)) * _DAY
    return found


def _as_it_comes(random: Random, number: int) -> list[Span]:
    return [span(random) for _ in range(number)]


_SHAPES: list[Callable[[Random, int], list[Span]]] = [
    _equal,
    _nested,
    lambda random, number: _in_a_row(random, number, [0]),
    lambda random, number: _in_a_row(random, number, [0, 1]),
    lambda random, number: _in_a_row(random, number, [1, 14, 40]),
    _as_it_comes,
]


def spans(random: Random, *, tied: bool) -> list[Span]:
    """The spans of one set of days; tied ones are many and equal, sometimes with others beside them."""
    if tied:
        found = _equal(random, random.choice([2, 3, 3, 4, 8]))
        return found + (random.choice(_SHAPES)(random, 2) if random.randrange(3) == 0 else [])
    return random.choice(_SHAPES)(random, random.choice([1, 1, 1, 2, 2, 3]))


def written(random: Random, day: dt.date | None, whole: int) -> str | None:
    """The day as it is written: whole `whole` times for each time that it is partial."""
    if day is None:
        return None
    if random.randrange(whole + 1) < whole:
        return day.isoformat()
    return f"{day:%Y-%m}" if random.randrange(5) else f"{day:%Y}"


def edges(random: Random, found: Sequence[Span]) -> Span:
    """A row's days beside archived ones: all of them, one of them, or a little more or less."""
    first, last = random.choice(list(found))
    if random.randrange(2):
        first = min(start for start, _ in found)
        last = None if any(end is None for _, end in found) else max(end for _, end in found if end)
    first = first + random.choice([0, 0, 0, 0, 1, -1, 12, -40]) * _DAY
    if last is not None:
        last = random.choice([last, last, last, last + _DAY, last - _DAY, last + 30 * _DAY, None])
    if last is not None and last < first and random.randrange(4):
        first, last = last, first
    return first, last
