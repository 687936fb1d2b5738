"""What the three conditions rest on: a sentence each, and every number in tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from analyser.dashboard.drawing.pages import condition_lines
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.view import View
from analyser.report.coverage.evidence import tables
from analyser.report.coverage.reference import reference_of


class ConditionsScreen(View):
    """The conditions in full."""

    view: ClassVar[str] = "conditions"

    def tab(self) -> str:
        """They lie under the overview."""
        return "overview"

    def body(self) -> Iterable[Widget]:
        """One page that scrolls."""
        with VerticalScroll(id="page"):
            yield Static(id="content", markup=False)

    def on_mount(self) -> None:
        """The page takes the arrow keys."""
        super().on_mount()
        self.query_one("#page").focus()

    def draw_body(self) -> None:
        """The page."""
        self.query_one("#content", Static).update(Text("\n").join(self._lines()))

    def _lines(self) -> list[Text]:
        model = self.model
        if model is None or model.result is None:
            return []
        return condition_lines(model.result, self.lang, max(40, self.app.size.width - 2))

    def sheet(self) -> Sheet | None:
        """Every line of every table."""
        model = self.model
        if model is None or model.result is None:
            return None
        delivery = model.result.separate_delivery
        rows = [
            (name, table.title, *row)
            for name, condition in (
                ("period", delivery.period),
                ("service_tasks", delivery.service_tasks),
                ("population", delivery.population),
            )
            for table in tables(condition, model.result.names, self.lang)
            for row in (table.columns, *table.rows)
        ]
        if (published := reference_of(model.result, self.lang)) is not None:
            rows += [("reference", published.title, *row) for row in (published.columns, *published.rows)]
        return Sheet("conditions", ("condition", "table"), rows, self._lines())
