"""Lists for a person: the ledger, the quarantine, everything about one ID, the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from analyser.coverage.periods import CalendarEntry
from analyser.coverage.result import GapsResult, Layer, Reason, RowClass
from analyser.coverage.trace import Trace
from analyser.language import counted, day, number, text
from analyser.report.page import Page, grid, printable
from analyser.report.text import period_title


def gaps_text(result: GapsResult, lang: str, *, width: int, color: bool, limit: int) -> str:
    """The ledger, class by class, with a legend of the reasons told."""
    page = Page(width, color)
    page.heading(text(lang, "report.gaps.title", period=period_title(result.period, lang)))
    counts = {row["values"]: row["counts"] for row in pc.value_counts(result.rows.column("class")).to_pylist()}
    met: set[str] = set()
    if not counts:
        page.line(text(lang, "report.gaps.empty"))
    for row_class in (
        RowClass.MISSING,
        RowClass.PARTIAL,
        RowClass.UNDETERMINED,
        RowClass.ARCHIVED,
        RowClass.EXCLUDED,
    ):
        count = counts.get(row_class.value, 0)
        if not count:
            continue
        page.heading(f"{text(lang, f'report.class.{row_class.value}')} ({number(lang, count)})")
        chosen = result.rows.filter(pc.equal(result.rows.column("class"), row_class.value)).slice(0, limit)
        table = grid(
            *(text(lang, f"report.column.{name}") for name in ("source_id", "task", "start", "end", "days", "reasons")),
            whole=(2, 3, 4),
        )
        for row in chosen.to_pylist():
            met.update(row["reasons"])
            days = f"{row['days_archived']}/{row['days_expected']}" if row["days_expected"] else "–"
            table.add_row(
                printable(row["source_id"]),
                _task(row),
                row["start"] or "",
                row["end"] or "…",
                days,
                ", ".join(row["reasons"]),
            )
        page.table(table)
        if count > limit:
            page.line(counted(lang, "report.gaps.more", count - limit))
    if result.archived_only.num_rows:
        page.heading(f"{text(lang, 'report.gaps.archived_only')} ({number(lang, result.archived_only.num_rows)})")
        table = grid(
            *(text(lang, f"report.column.{name}") for name in ("person_key", "task", "start", "end", "documents"))
        )
        for row in result.archived_only.slice(0, limit).to_pylist():
            table.add_row(
                row["person_key"], _task(row), row["start"] or "", row["end"] or "…", ", ".join(row["documents"])
            )
        page.table(table)
        if result.archived_only.num_rows > limit:
            page.line(counted(lang, "report.gaps.more", result.archived_only.num_rows - limit))
    if met:
        page.heading(text(lang, "report.gaps.legend"))
        page.pairs(
            [(reason.value, text(lang, f"reason.{reason.value}.what")) for reason in Reason if reason.value in met]
        )
    if counts:
        page.heading(text(lang, "report.next.title"))
        page.pairs(
            [(f"kanta-gap trace {text(lang, 'report.column.source_id').upper()}", text(lang, "report.next.trace"))]
        )
    return page.text()


def _task(row: dict[str, Any]) -> str:
    task = printable(row["service_task"] or "–")
    return task if row["layer"] == Layer.SERVICE_TASK else f"{row['layer']}:{task}"


def quarantine_text(table: pa.Table, lang: str, *, width: int, color: bool) -> str:
    """The quarantine listing, by code."""
    page = Page(width, color)
    page.heading(counted(lang, "report.quarantine.title", table.num_rows))
    if not table.num_rows:
        page.line(text(lang, "report.quarantine.empty"))
        return page.text()
    rows = table.to_pylist()
    for code in sorted({row["code"] for row in rows}):
        own = [row for row in rows if row["code"] == code]
        page.heading(f"{code} ({number(lang, len(own))})")
        page.line(own[0]["message"])
        for row in own:
            place = f"  {row['place']}" if row["place"] else ""
            page.line(f"{row['source']}: {row['member']}{place}", hang=4)
    return page.text()


def trace_text(trace: Trace, lang: str, *, width: int, color: bool) -> str:
    """Everything known about one ID."""
    page = Page(width, color)
    page.heading(text(lang, "report.trace.title", kind=text(lang, f"report.trace.{trace.kind.value}"), id=trace.id))
    for name, table in trace.sections:
        page.heading(f"{text(lang, f'report.trace.section.{name}')} ({table.num_rows})")
        for row in table.to_pylist():
            told = [
                printable(f"{key}={', '.join(map(str, value)) if isinstance(value, list) else value}")
                for key, value in row.items()
                if value is not None and value is not False and value not in ([], "")
            ]
            page.line("  ".join(told), hang=4)
    return page.text()


def periods_text(entries: Iterable[CalendarEntry], today: dt.date, lang: str, *, width: int, color: bool) -> str:
    """The calendar, with the days left to each known deadline."""
    page = Page(width, color)
    page.heading(text(lang, "report.periods.title"))
    table = grid(
        *(text(lang, f"report.column.{name}") for name in ("period", "start", "end", "deadline", "left", "rows"))
    )
    for entry in entries:
        period = entry.period
        left = text(lang, "report.periods.unknown")
        if period.deadline:
            days = (period.deadline - today).days
            left = counted(lang, "report.periods.left" if days >= 0 else "report.periods.over", abs(days))
        table.add_row(
            period.id + (" *" if period.assumed else ""),
            day(lang, period.start),
            day(lang, period.end),
            day(lang, period.deadline) if period.deadline else "–",
            left,
            number(lang, entry.rows),
        )
    page.table(table)
    page.line(text(lang, "report.note.assumed"))
    return page.text()
