"""The trend as text, Markdown, JSON and CSV: periods under each other, and each service task over the periods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from rich.table import Table

from analyser import __version__
from analyser.coverage.result import Layer
from analyser.coverage.trend import BY, TREND_SCHEMA, Received, Trend, TrendCell, TrendPeriod
from analyser.coverage.two_sources import CountedDeliveries
from analyser.messages.catalogue import number, percent, text
from analyser.report.coverage.markdown import plain
from analyser.report.csv import table_csv
from analyser.report.json import dump, extraction_of, period_of, totals_of
from analyser.report.page import Page, grid, printable
from analyser.report.words import extracted, of_county, task_title

COLUMNS = (
    "period",
    "archived",
    "lacking",
    "delivered",
    "not_delivered",
    "undetermined",
    "share",
    "received",
    "mended",
    "come",
)


def title(found: Trend, lang: str) -> str:
    """What the trend is called."""
    first, last = found.periods[0].period.id, found.periods[-1].period.id
    return of_county(found.county_name, text(lang, "trend.title", first=first, last=last))


def verdict(found: Trend, lang: str) -> str:
    """All periods in one sentence."""
    return text(
        lang,
        "trend.verdict",
        lacking=sum(one.totals.partial + one.totals.missing for one in found.periods),
        not_delivered=sum(one.received.not_delivered for one in found.periods),
    )


def notes(found: Trend, lang: str) -> list[str]:
    """What a reader must know."""
    told = [text(lang, "trend.told"), text(lang, "trend.since")]
    written = [one.period.id for one in found.periods if one.counted is CountedDeliveries.WRITTEN]
    if written:
        told.append(text(lang, "trend.counted", periods=", ".join(written)))
    return told


def heads(lang: str) -> list[str]:
    """Heads of the table of periods."""
    return [text(lang, f"trend.column.{name}") for name in COLUMNS]


def period_row(one: TrendPeriod, lang: str) -> list[str]:
    """A period's figures, in the order of `COLUMNS`."""
    since = one.since
    counts = (
        one.totals.archived,
        one.totals.partial + one.totals.missing,
        one.received.delivered,
        one.received.not_delivered,
        one.totals.undetermined,
    )
    return [
        one.period.id,
        *(number(lang, count) for count in counts),
        percent(lang, one.totals.coverage_rows),
        percent(lang, one.received.share),
        *((number(lang, since.mended), number(lang, since.come)) if since else ("–", "–")),
    ]


def task_told(found: Trend, layer: str, service_task: str | None, lang: str) -> str:
    """What a line of the matrix is called."""
    if layer == Layer.CHILD_PROTECTION:
        return text(lang, f"report.layers.{layer}")
    return task_title(found.names, service_task, lang)


def cell_of(one: TrendPeriod, layer: str, service_task: str | None) -> TrendCell | None:
    """The cell of a service task in a period."""
    return next((cell for cell in one.cells if (cell.layer, cell.service_task) == (layer, service_task)), None)


def cell_told(cell: TrendCell | None, lang: str) -> str:
    """The archived share, and the received one where it is another."""
    if cell is None:
        return ""
    share, received = cell.totals.coverage_rows, cell.received.share
    told = percent(lang, share)
    return told if received == share else f"{told} ({percent(lang, received)})"


def trend_text(found: Trend, lang: str, *, width: int, color: bool) -> str:
    """The trend for a terminal."""
    page = Page(width, color)
    page.heading(title(found, lang))
    if reach := extracted(found.stale, lang):
        page.line(reach, "dim")
    page.line(verdict(found, lang))
    page.gap()
    _, *names = heads(lang)
    columns = [period_row(one, lang)[1:] for one in found.periods]
    figures = [(name, [column[place] for column in columns]) for place, name in enumerate(names)]
    ids = [one.period.id for one in found.periods]
    _across(page, ids, figures)
    page.heading(text(lang, "trend.tasks"))
    tasks = [
        (
            task_told(found, layer, task, lang),
            [cell_told(cell_of(one, layer, task), lang) for one in found.periods],
        )
        for layer, task in found.tasks
    ]
    _across(page, ids, tasks)
    page.heading(text(lang, "report.note.title"))
    for note in notes(found, lang):
        page.line(note, hang=2, first="- ")
    return page.text()


def _across(page: Page, periods: list[str], lines: list[tuple[str, list[str]]]) -> None:
    """A line for each figure or service task, a column for each period: as many beside each other as stand on the page,
    the others below."""
    for size in range(len(periods), 0, -1):
        tables = [_block(periods, lines, begin, begin + size) for begin in range(0, len(periods), size)]
        if size == 1 or all(page.fits(table) for table in tables):
            for table in tables:
                page.table(table)
            return


def _block(periods: list[str], lines: list[tuple[str, list[str]]], begin: int, end: int) -> Table:
    shown = periods[begin:end]
    right = range(1, len(shown) + 1)
    table = grid("", *shown, right=right, whole=right)
    for name, cells in lines:
        table.add_row(printable(name), *cells[begin:end])
    return table


def trend_markdown(found: Trend, lang: str) -> str:
    """The trend for a wiki."""
    reach = extracted(found.stale, lang)
    lines = [f"# {plain(title(found, lang))}", "", *((reach, "") if reach else ()), verdict(found, lang), ""]
    lines.append(_row(heads(lang)))
    lines.append(_row([":--"] + ["--:"] * (len(COLUMNS) - 1)))
    lines += [_row([plain(cell) for cell in period_row(one, lang)]) for one in found.periods]
    lines += ["", f"## {text(lang, 'trend.tasks')}", ""]
    lines.append(_row(["", *(plain(one.period.id) for one in found.periods)]))
    lines.append(_row([":--"] + ["--:"] * len(found.periods)))
    for layer, task in found.tasks:
        shares = [cell_told(cell_of(one, layer, task), lang) for one in found.periods]
        lines.append(_row([plain(task_told(found, layer, task, lang)), *shares]))
    lines += ["", *(f"- {note}" for note in notes(found, lang))]
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def trend_json(found: Trend, stamp: str | None = None) -> str:
    """The trend for programs."""
    document: dict[str, Any] = {"schema": TREND_SCHEMA, "tool_version": __version__}
    if stamp is not None:
        document["stamp"] = stamp
    document |= {
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "county_name": found.county_name or None,
        "extraction": extraction_of(found.stale),
        "by": [place.key for place in BY],
        "periods": [
            {
                "period": period_of(one.period),
                "totals": totals_of(one.totals) | _received(one.received),
                "deliveries": one.counted.value,
                "refused": one.refused,
                "since_last_look": {"mended": one.since.mended, "new": one.since.come} if one.since else None,
                "cells": [
                    {"layer": cell.layer, "service_task": cell.service_task}
                    | totals_of(cell.totals)
                    | _received(cell.received)
                    | {"status": cell.status.value}
                    for cell in one.cells
                ],
            }
            for one in found.periods
        ],
    }
    return dump(document)


def _received(received: Received) -> dict[str, Any]:
    share = received.share
    return {
        "delivered": received.delivered,
        "not_delivered": received.not_delivered,
        "received": None if share is None else round(share, 6),
    }


def trend_table(found: Trend) -> pa.Table:
    """A row for each period and service task."""
    rows = [
        {
            "period": one.period.id,
            "start": one.period.start.isoformat(),
            "end": one.period.end.isoformat(),
            "layer": cell.layer,
            "service_task": cell.service_task,
        }
        | totals_of(cell.totals)
        | _received(cell.received)
        | {"status": cell.status.value}
        for one in found.periods
        for cell in one.cells
    ]
    counts = [*totals_of(found.periods[0].totals), *_received(found.periods[0].received)]
    shares = {"coverage_rows", "coverage_days", "coverage_persons", "received"}
    schema = [(name, pa.string()) for name in ("period", "start", "end", "layer", "service_task")]
    schema += [(name, pa.float64() if name in shares else pa.int64()) for name in counts]
    return pa.Table.from_pylist(rows, pa.schema([*schema, ("status", pa.string())]))


def trend_csv(found: Trend) -> Iterator[str]:
    """The same as CSV."""
    return table_csv(trend_table(found))
