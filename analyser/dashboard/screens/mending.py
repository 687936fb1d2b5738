"""Who has to mend how much, and why: units, who mends, first reasons. Enter lists the rows of a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.widget import Widget
from textual.widgets import DataTable, Static

from analyser.coverage.browse import Choice
from analyser.coverage.mending import Mending, UnitToMend
from analyser.coverage.result import Dimension
from analyser.coverage.worklist import TO_MEND
from analyser.dashboard.drawing.marks import STRONG
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.view import View
from analyser.dashboard.widgets import Table
from analyser.messages.catalogue import number, text
from analyser.report.coverage.mending import unit_told, units_of
from analyser.report.page import printable

_COLUMNS = ("unit", "who", "reason", "rows")


class MendingScreen(View):
    """The matrix of units, who mends and first reasons, a line for each that has rows."""

    view: ClassVar[str] = "mending"

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[UnitToMend] = []

    def tab(self) -> str:
        """It lies under the overview."""
        return "overview"

    def body(self) -> Iterable[Widget]:
        """What it shows, and the lines."""
        yield Static(id="about", markup=False)
        yield Table(id="mending", cursor_type="row", zebra_stripes=True)

    def on_mount(self) -> None:
        """The table takes the arrow keys."""
        super().on_mount()
        table = self.query_one("#mending", DataTable)
        for name in _COLUMNS:
            table.add_column(text(self.lang, f"report.column.{name}"), key=name)
        table.focus()

    def draw_body(self) -> None:
        """Fetched once for each comparison."""
        self.fetch_once(lambda standing: standing.mending(), self._fetched)

    def _fetched(self, found: Mending) -> None:
        model = self.model
        if model is None or model.result is None:
            return
        told = self.say("mending.told", rows=found.rows)
        self.query_one("#about", Static).update(Text(f" {told}", STRONG))
        table = self.query_one("#mending", DataTable)
        table.clear()
        self._lines = [
            one for _, own in units_of(found) for one in sorted(own, key=lambda one: (one.fixed_by, -one.rows))
        ]
        for place, one in enumerate(self._lines):
            table.add_row(*self._cells(one), key=str(place))

    def _cells(self, one: UnitToMend) -> list[Text]:
        names = self.model.result.names if self.model and self.model.result else None
        assert names is not None
        what = text(self.lang, f"reason.{one.reason.value}.what") if one.reason else "–"
        who = text(self.lang, f"worklist.fixed_by.{one.fixed_by}")
        return [
            Text(printable(unit_told(one, names, self.lang))),
            Text(who),
            Text(what),
            Text(number(self.lang, one.rows), justify="right"),
        ]

    async def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a click lists the rows of the unit that have the reason. Of restricted persons no unit is told."""
        if event.row_key.value is None:
            return
        one = self._lines[int(event.row_key.value)]
        if not one.restricted:
            reasons = (one.reason,) if one.reason else ()
            await self.board.show_rows(Choice(place=(Dimension.UNIT, one.unit), classes=TO_MEND, reasons=reasons))

    def sheet(self) -> Sheet | None:
        """The lines."""
        columns = ("unit", "restricted", "fixed_by", "reason", "rows")
        rows = [(one.unit, one.restricted, one.fixed_by.value, one.reason, one.rows) for one in self._lines]
        lines = [Text("  ".join(str(cell) for cell in self._cells(one))) for one in self._lines]
        return Sheet("mending", columns, rows, lines)
