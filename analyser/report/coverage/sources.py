"""From which of its two sources the follow-up register gets its rows: Kanta, separate delivery, both, neither."""

from __future__ import annotations

from dataclasses import dataclass

from analyser.coverage.names import Names
from analyser.coverage.result import CoverageResult
from analyser.coverage.two_sources import CountedDeliveries, Sources, TwoSources
from analyser.messages.catalogue import number, percent, text
from analyser.report.page import Page, grid
from analyser.report.words import task_title

FIGURES = ("rows", "kanta", "delivery", "both", "neither", "undetermined")
COLUMNS = ("layer", "task", *FIGURES, "known")


@dataclass(frozen=True, slots=True)
class TwoSourcesTold:
    """The table in words: which deliveries count, and a line for each layer and service task."""

    title: str
    counted: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cells: tuple[Sources, ...]
    """The same rows as numbers."""


def two_sources_of(result: CoverageResult, lang: str) -> TwoSourcesTold | None:
    """The two sources of a report, once something was delivered: before that Kanta is the only one."""
    if result.sources is None or result.sources.counted is CountedDeliveries.NONE:
        return None
    return two_sources_told(result.sources, result.names, lang)


def two_sources_told(sources: TwoSources, names: Names, lang: str) -> TwoSourcesTold:
    """The table, whatever was delivered."""
    return TwoSourcesTold(
        text(lang, "delivery.sources.title"),
        text(lang, f"delivery.sources.{sources.counted.value}", count=sources.sent or sources.written),
        tuple(text(lang, f"delivery.sources.column.{name}") for name in COLUMNS),
        tuple(
            (
                text(lang, f"report.layer.{cell.layer}"),
                task_title(names, cell.service_task, lang),
                *(number(lang, getattr(cell, name)) for name in FIGURES),
                percent(lang, cell.share_known),
            )
            for cell in sources.cells
        ),
        sources.cells,
    )


def two_sources_page(page: Page, told: TwoSourcesTold) -> None:
    """The table on a page of text."""
    page.heading(told.title)
    page.line(told.counted)
    if told.rows:
        table = grid(*told.columns, right=range(2, len(COLUMNS)), whole=range(2, len(COLUMNS)))
        for row in told.rows:
            table.add_row(*row)
        page.table(table)
