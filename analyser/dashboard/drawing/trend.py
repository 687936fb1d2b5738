"""The periods beside each other: the rail of periods, their figures, and each service task over them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from analyser.coverage.result import CellStatus, Period
from analyser.coverage.trend import Trend, TrendPeriod
from analyser.dashboard.drawing.heatmap import status
from analyser.dashboard.drawing.marks import FAINT, STRONG, heat, level
from analyser.dashboard.drawing.overview import heading, wrapped
from analyser.messages.catalogue import percent, text
from analyser.report.page import printable
from analyser.report.trend import cell_of, heads, notes, period_row, task_told, verdict

_NAME, _CELL = 30, 11
"""Columns of a line's name, and of a period."""


def trend_lines(found: Trend, here: Period | None, lang: str, width: int) -> list[Text]:
    """Everything, none wider than `width`: the newest periods that have room, the one that is looked at marked."""
    label = min(_NAME, width // 3)
    room = max(1, (width - label - 1) // _CELL)
    shown = found.periods[-room:]
    lines = [*wrapped(verdict(found, lang), width, STRONG), Text("")]
    if len(shown) < len(found.periods):
        left = text(lang, "dashboard.trend.left_out", count=len(found.periods) - len(shown))
        lines += [Text(f" {left}", FAINT), Text("")]
    lines.append(_line("", label, [_period(one, here) for one in shown]))
    _, *names = heads(lang)
    rows = [period_row(one, lang)[1:] for one in shown]
    for place, name in enumerate(names):
        cells = [Text(f"{row[place]:>{_CELL - 1}} ", FAINT if row[place] in ("0", "–") else Style()) for row in rows]
        lines.append(_line(name, label, cells))
    for key, share_of in (("tasks", _archived), ("received", _received)):
        if key == "received" and not any(one.received.delivered for one in shown):
            continue
        lines += [Text(""), heading(text(lang, f"dashboard.trend.{key}"), width)]
        for layer, task in found.tasks:
            told = [share_of(one, layer, task, lang) for one in shown]
            lines.append(_line(printable(task_told(found, layer, task, lang)), label, told))
    lines += [Text(""), heading(text(lang, "report.note.title"), width)]
    for note in notes(found, lang):
        lines += wrapped(f"· {note}", width, FAINT, 2)
    return lines


def _line(name: str, label: int, cells: Sequence[Text]) -> Text:
    line = Text(f" {name if len(name) < label else name[: label - 2] + '…'}".ljust(label + 1), no_wrap=True)
    for cell in cells:
        line.append_text(cell)
    return line


def _period(one: TrendPeriod, here: Period | None) -> Text:
    """Its name, between marks where it is the one that is looked at: a colour alone would not say it."""
    chosen = one.period == here
    told = f"▸{one.period.id}" if chosen else one.period.id
    return Text(f"{told[: _CELL - 1]:>{_CELL - 1}} ", STRONG if chosen else Style())


def _archived(one: TrendPeriod, layer: str, task: str | None, lang: str) -> Text:
    cell = cell_of(one, layer, task)
    if cell is None:
        return Text(" " * _CELL)
    state = status(cell.totals)
    return _share(cell.totals.coverage_rows, state, lang)


def _received(one: TrendPeriod, layer: str, task: str | None, lang: str) -> Text:
    cell = cell_of(one, layer, task)
    if cell is None:
        return Text(" " * _CELL)
    share = cell.received.share
    state = status(cell.totals) if share is None else CellStatus.COVERED if share >= 1 else CellStatus.GAP
    return _share(share, state, lang)


def _share(share: float | None, state: CellStatus, lang: str) -> Text:
    told = f"{level(share, state)} {percent(lang, share):>7}"
    return Text(f"{told:>{_CELL - 1}}", heat(share, state)).append(" ", Style())
