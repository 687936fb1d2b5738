"""Geometry of the pictures in the HTML report: plain numbers that a template puts into inline SVG.

Drawn by hand and not by a charting library: the two pictures are simple, the bytes must be the same on every machine,
and the texts of a picture are to be real, translated, selectable text that a screen reader meets.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from analyser.coverage.outlook import PeriodFigures
from analyser.coverage.result import Period
from analyser.coverage.timeline import Bar, Side
from analyser.messages.catalogue import number, percent

_LATEST = dt.date.max
WIDTH = 720
"""Units across a picture."""
_LEFT, _RIGHT = 110, 60
_TOP, _HEIGHT = 28, 130
"""Where the line's panel begins, and its height."""
_BARS, _BARS_HEIGHT = 214, 50
"""Where the panel of the separate delivery begins, and its height."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One period in the picture of the history. Without a share there is nothing to divide by."""

    x: float
    y: float | None
    share: str
    period: str
    bar_y: float
    bar_height: float
    delivered: str


@dataclass(frozen=True, slots=True)
class Line:
    """The picture of the history."""

    marks: tuple[Mark, ...]
    paths: tuple[str, ...]
    """Points of each unbroken stretch."""
    ticks: tuple[tuple[float, str], ...]
    least: str
    """Where the axis begins."""


def line(history: Sequence[PeriodFigures], lang: str) -> Line:
    """Coverage of the rows by period, and below it the share that had to be delivered separately."""
    shares = [entry.totals.coverage_rows for entry in history]
    least = max(0, min(math.floor(10 * min((s for s in shares if s is not None), default=0)), 9)) / 10
    room = WIDTH - _LEFT - _RIGHT
    step = room / max(1, len(history) - 1)
    most = max((1 - share for share in shares if share is not None), default=0)
    marks, stretches = [], [[]]  # type: tuple[list[Mark], list[list[str]]]
    for place, entry in enumerate(history):
        share = shares[place]
        x = round(_LEFT + (room / 2 if len(history) == 1 else place * step), 1)
        y = None if share is None else round(_TOP + _HEIGHT * (1 - share) / (1 - least), 1)
        height = 0.0 if share is None or not most else round(_BARS_HEIGHT * (1 - share) / most, 1)
        lacking = entry.totals.partial + entry.totals.missing
        told = percent(lang, None if share is None else 1 - share)
        marks.append(
            Mark(
                x,
                y,
                percent(lang, share),
                entry.period.id,
                _BARS + _BARS_HEIGHT - height,
                height,
                f"{told} ({number(lang, lacking)})",
            )
        )
        if y is None:
            stretches.append([])
        else:
            stretches[-1].append(f"{x},{y}")
    ticks = tuple(
        (round(_TOP + _HEIGHT * (1 - value) / (1 - least), 1), percent(lang, value))
        for value in (1.0, (1 + least) / 2, least)
    )
    paths = tuple(" ".join(points) for points in stretches if len(points) > 1)
    return Line(tuple(marks), paths, ticks, percent(lang, least))


@dataclass(frozen=True, slots=True)
class DrawnSpan:
    """A stretch of a bar, in units across the picture."""

    x: float
    width: float
    kind: str
    """`certain`, `possible` or `vain` (does not count)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One bar of a timeline, with the stretches that lie in the period and whether it goes on outside."""

    side: Side
    spans: tuple[DrawnSpan, ...]
    before: bool
    after: bool


def drawn(bar: Bar, period: Period) -> Drawn:
    """A bar over the days of the period: what is certain, and around it what is only possible."""
    possible = _clipped(bar.possible_start, bar.possible_end, period)
    certain = _clipped(bar.certain_start, bar.certain_end, period)
    spans = []
    if possible is not None:
        spans.append(DrawnSpan(*possible, "possible" if bar.counts else "vain"))
    if certain is not None and bar.counts:
        spans.append(DrawnSpan(*certain, "certain"))
    return Drawn(bar.side, tuple(spans), bar.possible_start < period.start, (bar.possible_end or _LATEST) > period.end)


def _clipped(start: dt.date, end: dt.date | None, period: Period) -> tuple[float, float] | None:
    first, last = max(start, period.start), min(end or _LATEST, period.end)
    if first > last:
        return None
    unit = WIDTH / ((period.end - period.start).days + 1)
    return round((first - period.start).days * unit, 1), round(((last - first).days + 1) * unit, 1)
