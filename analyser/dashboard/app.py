"""The terminal dashboard: cells first, then the rows of a cell, then everything about a row."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable, Footer, Header, Static

from analyser.coverage.measure import coverage
from analyser.coverage.model import Request
from analyser.coverage.result import CoverageResult, Dimension
from analyser.language import number, percent, text
from analyser.report.words import task_title, verdict
from analyser.store.database import Database

_BY = (Dimension.LAYER, Dimension.SERVICE_TASK, Dimension.MUNICIPALITY)
_PAGE = 500


class Dashboard(App[None]):
    """Cells of the coverage; Enter goes deeper, Escape comes back."""

    CSS = "#verdict { padding: 0 1; height: auto; } DataTable { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "Quit"), ("escape", "leave_rows", "Back")]

    def __init__(self, database: Database, request: Request, lang: str) -> None:
        super().__init__()
        self._database, self._request, self._lang = database, request, lang
        self.result: CoverageResult = coverage(database, request, _BY)
        self._level = "cells"

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static(verdict(self.result, self._lang), id="verdict")
        yield DataTable(cursor_type="row", zebra_stripes=True)
        yield Footer()

    def on_mount(self) -> None:
        self.title = f"kanta-gap {self.result.period.id}"
        self._show_cells()

    def action_leave_rows(self) -> None:
        """From rows to cells."""
        if self._level == "rows":
            self._show_cells()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter on a cell shows its rows, a page of them."""
        if self._level == "cells" and event.row_key.value is not None:
            self._show_rows(int(event.row_key.value))

    def _table(self, *columns: str) -> DataTable[Any]:
        table = self.query_one(DataTable)
        table.clear(columns=True)
        table.add_columns(*(text(self._lang, f"report.column.{name}") for name in columns))
        return table

    def _show_cells(self) -> None:
        self._level = "cells"
        figures = ("archived", "partial", "missing", "undetermined")
        table = self._table("layer", "service_task", "municipality", "share", *figures, "status")
        for place, cell in enumerate(self.result.cells):
            where = dict(cell.place)
            table.add_row(
                text(self._lang, f"report.layer.{where['layer']}"),
                task_title(self.result.task_names, where["service_task"], self._lang),
                where["municipality"] or "–",
                percent(self._lang, cell.totals.coverage_rows),
                *(number(self._lang, getattr(cell.totals, name)) for name in figures),
                text(self._lang, f"report.status.{cell.status.value}"),
                key=str(place),
            )

    def _show_rows(self, place: int) -> None:
        self._level = "rows"
        table = self._table("source_id", "start", "end", "days", "reasons")
        rows = self._database.connection.execute(
            'SELECT source_id, start, "end", days_archived, days_expected, class, reasons FROM ledger '
            "WHERE layer IS NOT DISTINCT FROM $layer AND service_task IS NOT DISTINCT FROM $service_task "
            "AND municipality IS NOT DISTINCT FROM $municipality "
            "ORDER BY class = 'archived', source_id LIMIT $page",
            dict(self.result.cells[place].place) | {"page": _PAGE},
        ).fetchall()
        for source_id, start, end, archived, expected, row_class, reasons in rows:
            table.add_row(source_id, start, end or "…", f"{archived}/{expected}", ", ".join([row_class, *reasons]))
