"""The periods beside each other: what lacked, what was delivered, what was mended; each service task over them."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text

from analyser.dashboard.drawing.marks import FAINT
from analyser.dashboard.drawing.trend import trend_lines
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.view import OnePage
from analyser.report.trend import trend_table


class TrendScreen(OnePage):
    """The trend. Its periods are compared the first time it is opened, and when the file has changed."""

    view: ClassVar[str] = "trend"

    def _lines(self) -> list[Text]:
        found = self.work.trend()
        if found is None:
            return [Text(f" {self.say('trend.computing')}", FAINT)]
        return trend_lines(found, self.work.here, self.lang, max(40, self.app.size.width - 2))

    def sheet(self) -> Sheet | None:
        """A row for each period and service task."""
        found = self.work.trend()
        if found is None:
            return None
        table = trend_table(found)
        return Sheet("trend", table.column_names, zip(*table.to_pydict().values(), strict=True), self._lines())
