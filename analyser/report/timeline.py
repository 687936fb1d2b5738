"""A timeline in text: each interval a bar over the days of the period, with arrows where it goes on outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from analyser.coverage.result import Period
from analyser.coverage.timeline import Bar, Side
from analyser.messages.catalogue import date_text, day, text
from analyser.report.page import Page, printable

FULL, SOME, NONE, VAIN = "█", "▒", "·", "░"
"""Every day of a column is certain; some days are, or they are only possible; no day is; days that do not count."""
_LATEST = dt.date.max


def marks(bar: Bar, period: Period, columns: int) -> str:
    """A bar over the period in so many columns, with an arrow at each side where it goes on."""
    days = (period.end - period.start).days + 1
    before = "◀" if bar.possible_start < period.start else " "
    after = "▶" if (bar.possible_end or _LATEST) > period.end else " "
    edges = [period.start + dt.timedelta(days * column // columns) for column in range(columns + 1)]
    drawn = [_mark(bar, edge, following - dt.timedelta(1)) for edge, following in pairwise(edges)]
    return before + "".join(drawn) + after


def _mark(bar: Bar, first: dt.date, last: dt.date) -> str:
    if bar.certain_start <= first and last <= (bar.certain_end or _LATEST):
        return FULL if bar.counts else VAIN
    return (
        (SOME if bar.counts else VAIN)
        if bar.possible_start <= last and first <= (bar.possible_end or _LATEST)
        else NONE
    )


def draw(page: Page, bars: Sequence[Bar], period: Period, lang: str, *, legend: bool = True) -> None:
    """The bars of one register row under a scale of the period, and what each bar is."""
    names = {side: text(lang, f"report.timeline.{side.value}") for side in Side}
    label = max(map(len, names.values())) + 2
    days = (period.end - period.start).days + 1
    columns = min(days, page.width - label - 2, 92)
    first, last = day(lang, period.start), day(lang, period.end)
    page.line(f"{' ' * (label + 1)}{first}{last:>{columns - len(first)}}")
    for bar in bars:
        drawn = f"{names[bar.side]:<{label}}{marks(bar, period, columns)}"
        page.line(drawn, style="" if bar.counts else "dim")
        page.line(_told(bar, lang), hang=label + 1, first=" " * (label + 1))
    if legend:
        page.line(text(lang, "report.timeline.legend", full=FULL, some=SOME, none=NONE, vain=VAIN), style="dim")


def interval(start: str, end: str | None, lang: str) -> str:
    """From and to in words."""
    return f"{date_text(lang, start)} – {date_text(lang, end) if end else text(lang, 'report.timeline.open')}"


def _told(bar: Bar, lang: str) -> str:
    told = interval(bar.start, bar.end, lang)
    if bar.side is Side.REGISTER:
        return told
    standing = text(lang, f"report.standing.{bar.standing}")
    if bar.standing == "current" and not bar.counts:
        standing = text(lang, "report.timeline.other_organiser")
    return f"{told}  {printable(bar.oid or '')} ({standing})"
