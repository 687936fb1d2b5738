"""Lists for a person: the ledger, the quarantine, the calendar."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from analyser.coverage.names import Names
from analyser.coverage.result import GapsResult, Layer, Reason, RowClass
from analyser.messages.catalogue import date_text, day, number, text
from analyser.national.deadlines import deadlines, duty
from analyser.register.carried import PREFIX as OWN
from analyser.report.page import Page, grid, printable
from analyser.report.words import (
    extracted,
    law_told,
    of_county,
    period_title,
    quarantine_told,
    refused_told,
    settings_told,
    task_title,
    unit_title,
)

_TABLE = 90
"""Columns from which the ledger is a table."""
_SETTLED = (RowClass.ARCHIVED, RowClass.EXCLUDED)
"""Classes that ask nothing of anybody: they are counted, and listed when asked for."""


def gaps_text(
    result: GapsResult, lang: str, *, width: int, color: bool, limit: int, asked: Collection[RowClass] = ()
) -> str:
    """The ledger, class by class, with a legend of the reasons told. Settled classes are listed only when asked for."""
    page = Page(width, color)
    title = text(lang, "report.gaps.title", period=period_title(result.period, lang))
    page.heading(of_county(result.county_name, title))
    if told_until := extracted(result.stale, lang):
        page.line(told_until, "dim")
    counts = {row["values"]: row["counts"] for row in pc.value_counts(result.rows.column("class")).to_pylist()}
    met: set[str] = set()
    if result.narrowed_by:
        page.line(text(lang, "report.gaps.narrowed", filters="; ".join(result.narrowed_by)))
    for told in refused_told(result.refused, result.refused_lists, lang):
        page.line(told, "bold yellow")
    for told in settings_told(result.settings, lang):
        page.line(told)
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
        if row_class in _SETTLED and row_class not in asked:
            page.line(text(lang, "report.gaps.settled", row_class=row_class.value))
            continue
        chosen = result.rows.filter(pc.equal(result.rows.column("class"), row_class.value)).slice(0, limit)
        rows = chosen.to_pylist()
        met.update(*(row["reasons"] for row in rows))
        _ledger(page, rows, result.names, lang)
        if count > limit:
            page.line(text(lang, "report.gaps.more", count=count - limit))
    _owed(page, result, lang)
    if result.archived_only.num_rows:
        page.heading(f"{text(lang, 'report.gaps.archived_only')} ({number(lang, result.archived_only.num_rows)})")
        table = grid(
            *(text(lang, f"report.column.{name}") for name in ("person_key", "task", "start", "end", "documents"))
        )
        for row in result.archived_only.slice(0, limit).to_pylist():
            table.add_row(
                row["person_key"],
                _task(row, result.names, lang),
                date_text(lang, row["start"]),
                date_text(lang, row["end"]) or "…",
                printable(", ".join(row["documents"])),
            )
        page.table(table)
        if result.archived_only.num_rows > limit:
            page.line(text(lang, "report.gaps.more", count=result.archived_only.num_rows - limit))
    if met:
        page.heading(text(lang, "report.gaps.legend"))
        page.pairs(
            [(reason.value, text(lang, f"reason.{reason.value}.what")) for reason in Reason if reason.value in met]
        )
    if counts:
        page.heading(text(lang, "report.next.title"))
        command = f"kanta-gap trace {text(lang, 'report.column.source_id').upper()}"
        page.steps([(command, text(lang, "report.next.trace"))])
    return page.text()


def _owed(page: Page, result: GapsResult, lang: str) -> None:
    """Since when documents of the tasks that Kanta lacks rows of had to be archived."""
    lacking = pc.is_in(result.rows.column("class"), pa.array([RowClass.MISSING.value, RowClass.PARTIAL.value]))
    rows = result.rows.filter(lacking).select(["layer", "service_task"])
    keys = {name.service_task: name.key for name in result.names.tasks}
    told = {}
    for row in rows.group_by(["layer", "service_task"]).aggregate([]).to_pylist():
        protection = row["layer"] == Layer.CHILD_PROTECTION
        key = "child_protection" if protection else keys.get(row["service_task"])
        if found := duty(key, result.period.end):
            told[(row["layer"], row["service_task"] or "")] = (_task(row, result.names, lang), found)
    if not told:
        return
    law = next(iter(told.values()))[1].law
    checked = day(lang, deadlines().checked_until)
    page.heading(text(lang, "calendar.duty.rows", law=law_told(law, lang), day=checked))
    page.pairs([(task, found.told(lang)) for _, (task, found) in sorted(told.items())])


def _ledger(page: Page, rows: list[dict[str, Any]], names: Names, lang: str) -> None:
    """Rows of one class: a table, or on a narrow page a line each with its reasons below."""
    told = [
        (
            printable(row["source_id"]),
            _task(row, names, lang),
            date_text(lang, row["start"]),
            date_text(lang, row["end"]) or "…",
            f"{row['days_archived']}/{row['days_expected']}" if row["days_expected"] else "–",
            ", ".join(row["reasons"]),
        )
        for row in rows
    ]
    beside = [_beside(row, names, lang) for row in rows]
    if page.width < _TABLE:
        for (source_id, task, start, end, days, reasons), more in zip(told, beside, strict=True):
            page.line(f"{source_id}  {task}  {start} – {end}  {days}".removesuffix("  –"), hang=4)
            page.line(reasons, hang=4, first="    ")
            if more:
                page.line(more, hang=4, first="    ")
        return
    own = [name for name in rows[0] if name.startswith(OWN)]
    with_units = any(names.listed(row["unit"]) for row in rows)
    columns = ("source_id", "task", *(["unit"] if with_units else []), "start", "end", "days", "reasons")
    whole = [place for place, name in enumerate(columns) if name not in ("task", "unit", "reasons")]
    heads = [text(lang, f"report.column.{name}") for name in columns]
    table = grid(*heads, *map(printable, own), whole=whole)
    for line, row in zip(told, rows, strict=True):
        unit = [printable(unit_title(names, row["unit"], lang) if row["unit"] else "–")] if with_units else []
        table.add_row(*line[:2], *unit, *line[2:], *(printable(row[name] or "") for name in own))
    page.table(table)


def _beside(row: dict[str, Any], names: Names, lang: str) -> str:
    """The unit of a row where it has a name, and what the county's own columns say of it."""
    unit = [unit_title(names, row["unit"], lang)] if names.listed(row["unit"]) else []
    own = [f"{name}: {said}" for name, said in row.items() if name.startswith(OWN) and said]
    return "  ".join(map(printable, [*unit, *own]))


def _task(row: dict[str, Any], names: Names, lang: str) -> str:
    task = printable(task_title(names, row["service_task"], lang))
    layer = row["layer"]
    return task if layer == Layer.SERVICE_TASK else f"{task} {text(lang, f'report.layer.{layer}')}"


def quarantine_text(table: pa.Table, lang: str, *, width: int, color: bool) -> str:
    """The quarantine listing, by code."""
    page = Page(width, color)
    page.heading(text(lang, "report.quarantine.title", count=table.num_rows))
    if not table.num_rows:
        page.line(text(lang, "report.quarantine.empty"))
        return page.text()
    rows = table.to_pylist()
    for code in sorted({row["code"] for row in rows}):
        own = [row for row in rows if row["code"] == code]
        page.heading(f"{code} ({number(lang, len(own))})")
        page.line(quarantine_told(code, own[0]["message"], lang), hang=2)
        for row in own:
            page.line(printable(f"{row['source']}: {row['member']}"), hang=4, first="  ")
            if row["place"]:
                page.line(f"@{printable(row['place'])}", hang=6, first="    ")
    return page.text()
