"""What the three conditions rest on: a sentence each, and every number in tables."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text

from analyser.dashboard.drawing.pages import condition_lines
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.view import OnePage
from analyser.report.coverage.evidence import tables
from analyser.report.coverage.reference import reference_of


class ConditionsScreen(OnePage):
    """The conditions in full."""

    view: ClassVar[str] = "conditions"

    def tab(self) -> str:
        """They lie under the overview."""
        return "overview"

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
