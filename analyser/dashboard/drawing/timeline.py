"""One register row against what is archived, as bars over the days of the period.

A column stands for one day where the width allows it, else for the few days that fall on it. A column counts as
covered only when all its days are, and as uncovered as soon as one of them is: nothing that lacks is rounded away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.text import Text

from analyser.coverage.browse import Interval, RowDetail, Span
from analyser.coverage.result import Period, RowClass
from analyser.dashboard.drawing.marks import BAD, CLASS_STYLES, FAINT, STRONG
from analyser.messages.catalogue import date_text, day, text
from analyser.report.page import printable

REGISTER, COVERS, MAYBE, IDLE, LACKS, NO_DAY = "━", "█", "▒", "─", "×", "·"
_LABEL = 34
"""Columns of a label beside the bars; narrower pages put it above them."""
_MARGIN = 1
_SHOWN = 12
"""Intervals that are drawn; the others are counted."""
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scale:
    """Which days stand in which column."""

    first: dt.date
    days: int
    columns: int

    @classmethod
    def of(cls, period: Period, room: int) -> Scale:
        """A day in one column or several when they fit, else as many columns as there is room for."""
        days = (period.end - period.start).days + 1
        room = max(10, room)
        return cls(period.start, days, days * min(3, room // days) if room >= days else room)

    def days_of(self, column: int) -> tuple[dt.date, dt.date]:
        """The first and last day of a column."""
        if self.columns >= self.days:
            one = self.first + _DAY * (column // (self.columns // self.days))
            return one, one
        first = column * self.days // self.columns
        last = max(first, (column + 1) * self.days // self.columns - 1)
        return self.first + _DAY * first, self.first + _DAY * last

    def drawn(self, mark: Callable[[dt.date, dt.date], str]) -> str:
        """A mark for each column, given its first and last day."""
        return "".join(mark(*self.days_of(column)) for column in range(self.columns))


def timeline(detail: RowDetail, period: Period, lang: str, width: int) -> list[Text]:
    """The whole picture: ruler, the register's bar, archived bars, uncovered days, and the legend."""
    beside = width - _LABEL - 2 * _MARGIN >= (period.end - period.start).days + 1
    scale = Scale.of(period, width - 2 * _MARGIN - (_LABEL if beside else 0))
    lines: list[Text] = [_placed(line, "", beside) for line in ruler(scale, period, lang)]

    def add(label: str, bar: Text) -> None:
        if not beside:
            lines.append(Text(" " * _MARGIN + label, no_wrap=True, overflow="ellipsis"))
        lines.append(_placed(bar, label, beside))

    add(
        f"{text(lang, 'dashboard.timeline.register')} {written(detail.span, lang)}",
        _span_bar(scale, detail.span, REGISTER, "╌", STRONG),
    )
    for interval in detail.intervals[:_SHOWN]:
        style = CLASS_STYLES[RowClass.ARCHIVED] if interval.covers else FAINT
        bar = _span_bar(
            scale, interval.span, COVERS if interval.covers else IDLE, MAYBE if interval.covers else "╌", style
        )
        add(_told(interval, lang), bar)
    if len(detail.intervals) > _SHOWN:
        lines.append(
            Text(" " + text(lang, "dashboard.timeline.more", count=len(detail.intervals) - _SHOWN), style=FAINT)
        )
    if detail.holes:
        lacking = sum((last - first).days + 1 for first, last in _merged(detail.holes))
        add(
            f"{text(lang, 'dashboard.timeline.uncovered')} {text(lang, 'dashboard.days', count=lacking)}",
            Text(scale.drawn(lambda first, last: LACKS if _any(detail.holes, first, last) else NO_DAY), style=BAD),
        )
    lines.extend(Text(line, style=FAINT) for line in _legend(scale, lang, width))
    return lines


def ruler(scale: Scale, period: Period, lang: str) -> list[Text]:
    """Two lines: the first days of months by name, and a tick for each month's first day and each Monday."""
    labels = [" "] * scale.columns
    ticks = [" "] * scale.columns
    for column in range(scale.columns):
        first, last = scale.days_of(column)
        fresh = column == 0 or scale.days_of(column - 1) != (first, last)
        inside = [first + _DAY * n for n in range((last - first).days + 1)]
        if fresh and (column == 0 or any(one.day == 1 for one in inside)):
            ticks[column] = "┼"
            started = next((one for one in inside if one.day == 1), first)
            _write(labels, column, _short(started, lang))
        elif fresh and any(one.weekday() == 0 for one in inside):
            ticks[column] = "┴"
        else:
            ticks[column] = "─"
    end = _short(period.end, lang)
    _write(labels, scale.columns - len(end), end)
    return [Text("".join(labels), style=FAINT), Text("".join(ticks), style=FAINT)]


def uncovered(holes: Sequence[tuple[dt.date, dt.date]], lang: str) -> str:
    """Uncovered days in words."""
    return ", ".join(
        f"{day(lang, first)} – {day(lang, last)}" if first != last else day(lang, first)
        for first, last in _merged(holes)
    )


def written(span: Span, lang: str) -> str:
    """Two dates as they were written, partial ones too; an open end as dots."""
    return f"{_date(span.start_text, lang)} – {_date(span.end_text, lang) if span.end_text else '…'}"


def _date(told: str | None, lang: str) -> str:
    """A date as the language writes it; a partial one is marked."""
    shown = printable(date_text(lang, told)) or "?"
    return shown if told and len(told) == len("2025-01-31") else f"{shown.rstrip('?')}?"


def _told(interval: Interval, lang: str) -> str:
    if interval.elsewhere:
        kind = text(lang, "dashboard.timeline.elsewhere")
    elif interval.role == "first-phase-unit":
        kind = text(lang, "dashboard.timeline.no_task")
    else:
        kind = text(lang, f"dashboard.standing.{interval.standing}")
    return f"…{interval.oid[-7:]} {kind} {written(interval.span, lang)}"


def _span_bar(scale: Scale, span: Span, certain: str, maybe: str, style: object) -> Text:
    def mark(first: dt.date, last: dt.date) -> str:
        if span.certain_start <= first and last <= span.certain_end:
            return certain
        if span.possible_start <= last and first <= span.possible_end:
            return maybe
        return NO_DAY

    marks = list(scale.drawn(mark))
    last_day = scale.days_of(scale.columns - 1)[1]
    if span.possible_start < scale.first and marks[0] != NO_DAY:
        marks[0] = "◄"
    if span.possible_end > last_day and marks[-1] != NO_DAY:
        marks[-1] = "►"
    drawn = Text()
    for one in marks:
        drawn.append(one, FAINT if one == NO_DAY else style)  # type: ignore[arg-type]
    return drawn


def _placed(bar: Text, label: str, beside: bool) -> Text:
    line = Text(" " * _MARGIN, no_wrap=True)
    if beside:
        shown = label if len(label) < _LABEL else label[: _LABEL - 2] + "…"
        line.append(shown.ljust(_LABEL))
    return line.append_text(bar)


def _any(holes: Iterable[tuple[dt.date, dt.date]], first: dt.date, last: dt.date) -> bool:
    return any(start <= last and end >= first for start, end in holes)


def _merged(holes: Sequence[tuple[dt.date, dt.date]]) -> list[tuple[dt.date, dt.date]]:
    """Holes of several readings without overlaps."""
    found: list[tuple[dt.date, dt.date]] = []
    for first, last in sorted(holes):
        if found and first <= found[-1][1] + _DAY:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _short(value: dt.date, lang: str) -> str:
    return f"{value.month:02}-{value.day:02}" if lang == "en" else f"{value.day}.{value.month}."


def _write(line: list[str], at: int, words: str) -> None:
    """Put words on a line where nothing stands in the way, with a space on either side."""
    before, after = max(0, at - 1), min(len(line), at + len(words) + 1)
    if at >= 0 and at + len(words) <= len(line) and not "".join(line[before:after]).strip():
        line[at : at + len(words)] = words


def _legend(scale: Scale, lang: str, width: int) -> list[str]:
    days = -(-scale.days // scale.columns) if scale.columns < scale.days else 1
    parts = [
        f"{COVERS} {text(lang, 'dashboard.timeline.covers')}",
        f"{MAYBE} {text(lang, 'dashboard.timeline.maybe')}",
        f"{IDLE} {text(lang, 'dashboard.timeline.idle')}",
        f"{LACKS} {text(lang, 'dashboard.timeline.lacks')}",
        f"◄ ► {text(lang, 'dashboard.timeline.beyond')}",
        text(lang, "dashboard.timeline.column", count=days),
    ]
    lines, line = [], ""
    for part in parts:
        if line and len(line) + len(part) + 3 > width - _MARGIN:
            lines.append(line)
            line = ""
        line = f"{line}   {part}" if line else " " * _MARGIN + part
    return [*lines, line]
