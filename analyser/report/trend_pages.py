"""The trend as a page and as a workbook: a line over the periods, and a matrix of service tasks by period."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from analyser import __version__
from analyser.coverage.result import CellStatus
from analyser.coverage.trend import Trend, TrendCell
from analyser.messages.catalogue import number, percent, text
from analyser.report.coverage.cells import MARKS
from analyser.report.json import totals_of
from analyser.report.template import filled
from analyser.report.trend import COLUMNS, cell_of, heads, notes, period_row, task_told, title, trend_table, verdict
from analyser.report.words import extracted, place_title
from analyser.report.workbook import Book, on_paper, rows_of, workbook

_WIDTH, _LEFT, _TOP, _HEIGHT = 720, 80, 20, 150
_STEPS = (0.98, 0.9, 0.7)
"""Shares below which a gap is shown one step stronger, as on the map of a period."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A share over the periods."""

    kind: str
    """`archived` or `received`."""
    paths: tuple[str, ...]
    dots: tuple[tuple[float, float, str], ...]


def trend_html(found: Trend, lang: str, stamp: str | None = None) -> str:
    """The trend as a page of its own."""
    shares = [one.totals.coverage_rows for one in found.periods]
    received = [one.received.share for one in found.periods]
    least = _least([*shares, *received])
    places = [_x(place, len(found.periods)) for place in range(len(found.periods))]
    return (
        filled(
            "trend.html",
            words=lambda key: text(lang, key),
            lang=lang,
            version=__version__,
            stamp=stamp,
            title=title(found, lang),
            verdict=verdict(found, lang),
            tone="gap" if any(one.received.not_delivered for one in found.periods) else "covered",
            extracted=extracted(found.stale, lang),
            heads=heads(lang),
            rows=[period_row(one, lang) for one in found.periods],
            names=[one.period.id for one in found.periods],
            tasks=[
                (
                    task_told(found, layer, task, lang),
                    [_tile(cell_of(one, layer, task), lang) for one in found.periods],
                )
                for layer, task in found.tasks
            ],
            curves=(_curve("archived", shares, least, lang), _curve("received", received, least, lang)),
            marks=list(zip(places, (one.period.id for one in found.periods), strict=True)),
            ticks=[(_y(value, least), percent(lang, value)) for value in (1.0, (1 + least) / 2, least)],
            notes=notes(found, lang),
        )
        + "\n"
    )


def _least(shares: Sequence[float | None]) -> float:
    known = [share for share in shares if share is not None]
    return max(0, min(math.floor(10 * min(known, default=0)), 9)) / 10


def _x(place: int, count: int) -> float:
    room = _WIDTH - _LEFT - 40
    return round(_LEFT + (room / 2 if count == 1 else place * room / (count - 1)), 1)


def _y(share: float, least: float) -> float:
    return round(_TOP + _HEIGHT * (1 - share) / (1 - least), 1)


def _curve(kind: str, shares: Sequence[float | None], least: float, lang: str) -> Curve:
    stretches: list[list[str]] = [[]]
    dots = []
    for place, share in enumerate(shares):
        if share is None:
            stretches.append([])
            continue
        x, y = _x(place, len(shares)), _y(share, least)
        stretches[-1].append(f"{x},{y}")
        dots.append((x, y, percent(lang, share)))
    return Curve(kind, tuple(" ".join(points) for points in stretches if len(points) > 1), tuple(dots))


def _tile(cell: TrendCell | None, lang: str) -> dict[str, str]:
    if cell is None:
        return {"look": "none", "share": "", "received": "", "told": ""}
    totals, share = cell.totals, cell.totals.coverage_rows
    look = cell.status.value
    if cell.status is CellStatus.GAP and share is not None:
        look = f"gap{sum(share < step for step in _STEPS)}"
    counts = [
        f"{text(lang, 'trend.column.' + name)} {number(lang, value)}"
        for name, value in (
            ("archived", totals.archived),
            ("lacking", totals.partial + totals.missing),
            ("delivered", cell.received.delivered),
            ("undetermined", totals.undetermined),
        )
    ]
    return {
        "look": look,
        "share": MARKS[cell.status] if share is None else f"{MARKS[cell.status]} {percent(lang, share)}",
        "received": "" if cell.received.share == share else f"({percent(lang, cell.received.share)})",
        "told": ", ".join(counts),
    }


def trend_xlsx(found: Trend, lang: str, stamp: str | None = None) -> bytes:
    """The trend as a workbook: periods with a chart, tasks by period, and all cells as a table."""
    buffer = io.BytesIO()
    with workbook(buffer, lang, stamp) as book:
        _periods(book, found)
        _matrix(book, found)
        table = trend_table(found)
        told = [
            [
                *row[:3],
                place_title(found.names, "layer", row[3], lang),
                place_title(found.names, "service_task", row[4], lang),
                *row[5:-1],
                text(lang, f"report.status.{row[-1]}"),
                row[3],
                row[4],
            ]
            for row in rows_of(table)
        ]
        columns = [*table.column_names, "layer_code", "service_task_code"]
        book.table("cells", columns, told, len(told))
    return buffer.getvalue()


def _periods(book: Book, found: Trend) -> None:
    lang, formats = book.lang, book.formats
    sheet = book.book.add_worksheet(book.name("trend"))
    sheet.write_string(0, 0, title(found, lang), formats.title)
    sheet.write_string(1, 0, verdict(found, lang), formats.verdict)
    sheet.write_string(2, 0, extracted(found.stale, lang))
    sheet.set_column(0, len(COLUMNS) - 1, 14)
    top = 3
    for place, head in enumerate(heads(lang)):
        sheet.write_string(top, place, head, formats.head if place == 0 else formats.head_right)
    for row, one in enumerate(found.periods, top + 1):
        values = (
            one.period.id,
            one.totals.archived,
            one.totals.partial + one.totals.missing,
            one.received.delivered,
            one.received.not_delivered,
            one.totals.undetermined,
            one.totals.coverage_rows,
            one.received.share,
            one.since.mended if one.since else None,
            one.since.come if one.since else None,
        )
        for place, value in enumerate(values):
            book.write(sheet, row, place, value)
    last = top + len(found.periods)
    chart = book.book.add_chart({"type": "line"})
    for name in ("share", "received"):
        place = COLUMNS.index(name)
        chart.add_series(
            {
                "name": [sheet.name, top, place],
                "categories": [sheet.name, top + 1, 0, last, 0],
                "values": [sheet.name, top + 1, place, last, place],
                "marker": {"type": "circle"},
            }
        )
    chart.set_title({"name": text(lang, "trend.chart")})
    chart.set_y_axis({"max": 1, "num_format": "0%"})
    sheet.insert_chart(last + len(notes(found, lang)) + 3, 0, chart, {"x_scale": 1.6})
    for row, note in enumerate(notes(found, lang), last + 2):
        sheet.write_string(row, 0, note)
    sheet.freeze_panes(top + 1, 1)
    on_paper(sheet)


def _matrix(book: Book, found: Trend) -> None:
    sheet = book.book.add_worksheet(book.name("trend_tasks"))
    sheet.set_column(0, 0, 36)
    sheet.write_string(0, 0, book.name("service_task"), book.formats.head)
    for place, one in enumerate(found.periods, 1):
        sheet.write_string(0, place, one.period.id, book.formats.head_right)
    for row, (layer, task) in enumerate(found.tasks, 1):
        sheet.write_string(row, 0, task_told(found, layer, task, book.lang))
        for place, one in enumerate(found.periods, 1):
            cell = cell_of(one, layer, task)
            book.write(sheet, row, place, totals_of(cell.totals)["coverage_rows"] if cell else None)
    scale = {"type": "3_color_scale", "min_color": "#F5B96D", "mid_color": "#FBDCAE", "max_color": "#D5EAF6"}
    sheet.conditional_format(1, 1, max(1, len(found.tasks)), len(found.periods), scale)
    sheet.freeze_panes(1, 1)
    on_paper(sheet)
