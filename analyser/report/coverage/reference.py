"""Published figures beside own counts, in words: a plausibility check that decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from analyser.coverage.published import Plausible, Reference
from analyser.coverage.result import CoverageResult, Layer
from analyser.messages.catalogue import number, percent, text
from analyser.report.page import Page, grid, printable
from analyser.report.words import municipality_title, task_title

COLUMNS = ("layer", "task", "municipality", "indicator", "published", "own", "difference", "source", "told")
RIGHT = (4, 5, 6)
"""Columns of numbers."""


@dataclass(frozen=True, slots=True)
class ReferenceTold:
    """The table in words."""

    title: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cells: tuple[Reference, ...]
    """The same rows as numbers."""


def reference_of(result: CoverageResult, lang: str) -> ReferenceTold | None:
    """The published figures of a report; None where none are loaded."""
    found = result.reference
    if found is None:
        return None
    notes = [text(lang, "report.reference.note", threshold=percent(lang, found.threshold))] if found.rows else []
    if differing := sum(row.plausible(found.threshold) is Plausible.APART for row in found.rows):
        notes.append(text(lang, "report.reference.differing", count=differing))
    if found.not_compared:
        periods = ", ".join(f"{name} ({number(lang, figures)})" for name, figures in found.not_compared[:_PERIODS])
        more = "…" if len(found.not_compared) > _PERIODS else ""
        count = sum(figures for _, figures in found.not_compared)
        notes.append(text(lang, "report.reference.not_compared", count=count, periods=f"{periods}{more}"))
    return ReferenceTold(
        text(lang, "report.reference.title"),
        tuple(notes),
        tuple(text(lang, f"report.reference.column.{name}") for name in COLUMNS),
        tuple(_row(row, found.threshold, result, lang) for row in found.rows),
        found.rows,
    )


_PERIODS = 6
"""Periods that were not compared and are told by name."""


def _row(row: Reference, threshold: float, result: CoverageResult, lang: str) -> tuple[str, ...]:
    every = text(lang, "report.reference.every")
    return (
        text(lang, f"report.layer.{row.layer}"),
        task_title(result.names, row.service_task, lang) if row.service_task else every,
        municipality_title(row.municipality, lang) if row.municipality else every,
        text(lang, f"report.reference.{row.indicator}"),
        number(lang, row.published),
        "–" if row.own is None else number(lang, row.own),
        "–" if row.share is None else f"{'+' if row.share > 0 else ''}{percent(lang, row.share)}",
        row.source or "–",
        told(row, threshold, lang),
    )


def told(row: Reference, threshold: float, lang: str) -> str:
    """What a figure says of the own count."""
    return text(lang, f"report.reference.status.{row.plausible(threshold).value}")


def reference_page(page: Page, found: ReferenceTold) -> None:
    """The table on a page of text."""
    page.heading(found.title)
    for note in found.notes:
        page.line(note)
    if found.rows:
        # A page of text has no room for the layer: the rarer one is named with its task.
        right = [place - 1 for place in RIGHT]
        table = grid(*found.columns[1:], right=right, whole=[*right, right[-1] + 1])
        for cell, (layer, task, *rest) in zip(found.cells, found.rows, strict=True):
            table.add_row(task if cell.layer == Layer.SERVICE_TASK else f"{layer}: {task}", *map(printable, rest))
        page.table(table)
