"""The ledger: chosen rows, what needs somebody first, a page at a time. Enter opens a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.widget import Widget
from textual.widgets import DataTable, Static

from analyser.coverage.browse import BrowsedRow, Choice
from analyser.coverage.names import Names
from analyser.coverage.result import Dimension, RowClass
from analyser.dashboard.drawing.heatmap import place_title
from analyser.dashboard.drawing.marks import FAINT
from analyser.dashboard.drawing.pages import choice_title, counts_line, dimension_title
from analyser.dashboard.screens.overview import waiting_lines
from analyser.dashboard.screens.view import Sheet, View
from analyser.dashboard.state import PeriodView
from analyser.dashboard.widgets import PAGE, RowTable
from analyser.messages.catalogue import text
from analyser.report.page import printable
from analyser.report.words import task_title

_COLUMNS = (
    "source_id",
    "person_key",
    "layer",
    "service_task",
    "organiser",
    "unit",
    "municipality",
    "start",
    "end",
    "class",
    "reasons",
    "days_expected",
    "days_archived",
    "documents",
)


class RowsScreen(View):
    """Rows of the ledger."""

    view: ClassVar[str] = "rows"

    def __init__(self) -> None:
        super().__init__()
        self._listed: tuple[PeriodView, Choice] | None = None
        self._asked: set[str] = set()
        self._known = False
        self._counts: dict[RowClass, int] = {}

    def body(self) -> Iterable[Widget]:
        """What is chosen, how many, and the rows."""
        yield Static(id="about", markup=False)
        yield RowTable(self.lang, self.want)

    def on_mount(self) -> None:
        """The table takes the arrow keys."""
        super().on_mount()
        table = self.query_one(RowTable)
        table.head()
        table.focus()

    def draw_body(self) -> None:
        """List what is chosen, unless that is listed already."""
        model, choice = self.model, self.board.look.choice
        about = self.query_one("#about", Static)
        if model is None or model.result is None:
            about.update(Text("\n").join(waiting_lines(self, model, self.app.size.width - 2)))
            return
        if self._listed == (model, choice):
            if self._known:
                self._draw_about()
            return
        self._listed = (model, choice)
        self._asked.clear()
        # Nothing is told of rows that are still being fetched.
        self._known = False
        about.update(Text(f" {self.chosen_told()}…", FAINT))
        standing = model.standing

        def fetched(found: tuple[list[BrowsedRow], dict[RowClass, int]]) -> None:
            if self._listed != (model, choice) or model.result is None:
                return
            rows, self._counts = found
            self._known = True
            table = self.query_one(RowTable)
            table.whole_start, table.whole_end = True, len(rows) < PAGE
            table.fill(rows, model.result.names)
            self._draw_about()

        self.board.fetch(lambda: (standing.page(choice, PAGE), standing.counts(choice)), fetched)

    def want(self, which: str) -> None:
        """Fetch the rows beyond those that are loaded: after, before, first or last."""
        model, choice, table = self.model, self.board.look.choice, self.query_one(RowTable)
        if model is None or model.result is None or which in self._asked or not table.rows_shown:
            return
        self._asked.add(which)
        standing, names, rows = model.standing, model.result.names, table.rows_shown

        def call() -> list[BrowsedRow]:
            match which:
                case "after":
                    return standing.page(choice, PAGE, after=rows[-1])
                case "before":
                    return standing.page(choice, PAGE, before=rows[0])
                case "last":
                    return standing.last_page(choice, PAGE)
                case _:
                    return standing.page(choice, PAGE)

        def fetched(found: list[BrowsedRow]) -> None:
            self._asked.discard(which)
            if self._listed != (model, choice):
                return
            whole = len(found) < PAGE
            match which:
                case "after":
                    table.whole_end = whole
                    table.extend(found, names)
                case "before":
                    table.whole_start = whole
                    table.put_before(found, names)
                case "last":
                    table.whole_start, table.whole_end = whole, True
                    table.fill(found, names, at_end=True)
                case _:
                    table.whole_start, table.whole_end = True, whole
                    table.fill(found, names)

        self.board.fetch(call, fetched)

    def _draw_about(self) -> None:
        width = self.app.size.width
        lines = [counts_line(self._counts, self.lang, width)]
        told = self.chosen_told()
        if told:
            lines.append(Text(f" {told}", no_wrap=True, overflow="ellipsis"))
        if not sum(self._counts.values()):
            lines.append(Text(f" {self.say('rows.empty')}", FAINT))
        self.query_one("#about", Static).update(Text("\n").join(lines))

    def chosen_told(self) -> str:
        """What is chosen, in words."""
        choice, model = self.board.look.choice, self.model
        names = model.result.names if model and model.result else Names()
        parts = []
        if choice.layer:
            parts += [
                text(self.lang, f"report.layer.{choice.layer}"),
                task_title(names, choice.service_task, self.lang),
            ]
        if choice.place:
            dimension, place = choice.place
            parts.append(
                f"{dimension_title(dimension, self.lang)} {place_title(place, Dimension(dimension), names, self.lang)}"
            )
        parts += [text(self.lang, f"report.class.{row_class.value}") for row_class in choice.classes]
        parts += [text(self.lang, f"reason.{reason.value}.what") for reason in choice.reasons]
        if choice.sought:
            parts.append(f"{self.say('view.search')} {choice.sought}")
        return choice_title(parts)

    async def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a click opens the row."""
        if event.row_key.value is not None:
            await self.board.show_row(event.row_key.value)

    def sheet(self) -> Sheet | None:
        """All chosen rows, whether loaded or not."""
        model = self.model
        if model is None or not model.ready:
            return None
        table = self.query_one(RowTable)
        lines = [counts_line(self._counts, self.lang, 1000), Text(self.chosen_told())]
        for row in table.rows_shown:
            days = f"{row.days_archived}/{row.days_expected}"
            told = (row.source_id, row.row_class, row.service_task or "–", row.start or "?", row.end or "…", days)
            lines.append(Text(printable("  ".join((*told, *row.reasons)))))
        return Sheet("rows", _COLUMNS, model.standing.exported(self.board.look.choice), lines)
