"""From which of its two sources the follow-up register gets its rows: Kanta, separate delivery, both, neither."""

from __future__ import annotations

from analyser.coverage.result import TwoSources
from analyser.language import number, percent, text
from analyser.report.page import Page, grid

_FIGURES = ("rows", "kanta", "delivery", "both", "neither", "undetermined")


def two_sources_told(page: Page, sources: TwoSources, lang: str) -> None:
    """Which deliveries count, and a line for each layer and service task."""
    page.heading(text(lang, "delivery.sources.title"))
    page.line(
        text(lang, f"delivery.sources.{sources.counted.value}", count=sources.sent or sources.written),
    )
    if not sources.cells:
        return
    columns = ("layer", "task", *_FIGURES, "known")
    table = grid(*(text(lang, f"delivery.sources.column.{name}") for name in columns))
    for cell in sources.cells:
        table.add_row(
            text(lang, f"report.layer.{cell.layer}"),
            cell.service_task or "–",
            *(number(lang, getattr(cell, name)) for name in _FIGURES),
            percent(lang, cell.share_known),
        )
    page.table(table)
