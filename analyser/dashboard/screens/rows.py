"""The ledger: chosen rows, what needs somebody first, a page at a time. Enter opens a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import DataTable, Input, Static

from analyser.coverage.browse import ORDERS, BrowsedRow, Choice
from analyser.coverage.names import Names
from analyser.coverage.result import Dimension, RowClass
from analyser.dashboard.drawing.heatmap import place_title
from analyser.dashboard.drawing.marks import FAINT
from analyser.dashboard.drawing.pages import choice_title, counts_line, dimension_title, group_title, grouped_title
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.overview import waiting_lines
from analyser.dashboard.screens.view import View
from analyser.dashboard.state import PeriodView
from analyser.dashboard.typed import typed_words
from analyser.dashboard.widgets import PAGE, RowTable
from analyser.messages.catalogue import text
from analyser.national.identifiers import redacted
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

_PAUSE = 0.15
"""Seconds without a key after which the rows follow what was typed."""


class RowsScreen(View):
    """Rows of the ledger."""

    view: ClassVar[str] = "rows"

    def __init__(self) -> None:
        super().__init__()
        self._listed: tuple[PeriodView, Choice] | None = None
        self._asked: set[str] = set()
        self._known = False
        self._timer: Timer | None = None
        self._counts: dict[RowClass, int] = {}

    def body(self) -> Iterable[Widget]:
        """What is chosen, how many, and the rows."""
        yield Static(id="about", markup=False)
        yield Input(id="typed", placeholder=self.say("rows.typed"), select_on_focus=False)
        yield RowTable(self.lang, self.want)

    def on_mount(self) -> None:
        """The table takes the arrow keys."""
        super().on_mount()
        typed = self.query_one("#typed", Input)
        typed.display = False
        table = self.query_one(RowTable)
        table.head()
        table.focus()

    def begin_typing(self) -> None:
        """A line to type words in: the rows follow it."""
        typed = self.query_one("#typed", Input)
        typed.display = True
        typed.focus()

    def end_typing(self) -> bool:
        """Esc in the line: all rows again, and whether there was a line to leave."""
        typed = self.query_one("#typed", Input)
        if not typed.display:
            return False
        typed.value = ""
        typed.display = False
        self._narrow("")
        self.query_one(RowTable).focus()
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the rows when nothing more is typed for a moment. An identity code is neither searched nor kept."""
        typed = event.value
        if redacted(typed) != typed:
            event.input.value = ""
            self.notify(self.say("search.identifier"), markup=False)
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, lambda: self._narrow(typed))

    def on_input_submitted(self) -> None:
        """Enter: to the rows."""
        self.query_one(RowTable).focus()

    def _narrow(self, typed: str) -> None:
        model, look = self.model, self.work.look
        if model is None or model.result is None:
            return
        words = typed_words(typed, model.result.names, self.lang)
        if words != look.choice.typed:
            look.choice = replace(look.choice, typed=words)
            self.redraw()

    def switch_order(self) -> None:
        """By the next column, and around."""
        look = self.work.look
        self._order_by(ORDERS[(ORDERS.index(look.choice.order) + 1) % len(ORDERS)])

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        """A click on a head: by that column."""
        if event.column_key.value in ORDERS:
            self._order_by(str(event.column_key.value))

    def _order_by(self, column: str) -> None:
        look = self.work.look
        look.choice = replace(look.choice, order=column)
        self.redraw()

    def draw_body(self) -> None:
        """List what is chosen, unless that is listed already."""
        model, choice = self.model, self.work.look.choice
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

        self.work.fetch(lambda: (standing.page(choice, PAGE), standing.counts(choice)), fetched)

    def want(self, which: str) -> None:
        """Fetch the rows beyond those that are loaded: after, before, first or last."""
        model, choice, table = self.model, self.work.look.choice, self.query_one(RowTable)
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

        self.work.fetch(call, fetched)

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
        choice, model = self.work.look.choice, self.model
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
        parts += [
            f"{grouped_title(name, self.lang)}: {group_title(name, value, names, self.lang)}"
            for name, value in choice.groups
        ]
        if choice.sought:
            parts.append(f"{self.say('view.search')} {choice.sought}")
        parts += [f"/{one.word}" for one in choice.typed]
        if choice.order != ORDERS[0]:
            parts.append(f"{self.say('rows.order')} {self._column(choice.order)}")
        return choice_title(parts)

    def _column(self, name: str) -> str:
        return text(self.lang, f"{'dashboard' if name == 'class' else 'report'}.column.{name}")

    async def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a click opens the row."""
        if event.row_key.value is not None:
            await self.board.show_row(event.row_key.value)

    def copied(self) -> str | None:
        """The row's name."""
        row = self.query_one(RowTable).chosen()
        return row.source_id if row else None

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
        return Sheet("rows", _COLUMNS, model.standing.exported(self.work.look.choice), lines)
