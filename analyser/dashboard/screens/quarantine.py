"""Documents that could not be used: where they lie, what is wrong with them and where in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.widget import Widget
from textual.widgets import DataTable, Static

from analyser.dashboard.drawing.marks import BAD, FAINT, GOOD, STRONG
from analyser.dashboard.drawing.overview import wrapped
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.overview import waiting_lines
from analyser.dashboard.screens.view import View
from analyser.dashboard.widgets import PAGE, Table
from analyser.messages.catalogue import number, text
from analyser.report.page import printable
from analyser.report.words import quarantine_told

_Entry = tuple[str | None, ...]


class QuarantineScreen(View):
    """The quarantine."""

    view: ClassVar[str] = "quarantine"

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[_Entry] = []
        self._counts: list[tuple[str, int]] = []
        self._more = False

    def body(self) -> Iterable[Widget]:
        """Counts by code, the entries, and the one under the cursor in full."""
        yield Static(id="about", markup=False)
        yield Table(id="entries", cursor_type="row", zebra_stripes=True)
        yield Static(id="detail", markup=False)

    def on_mount(self) -> None:
        """The table takes the arrow keys."""
        super().on_mount()
        table = self.query_one("#entries", DataTable)
        for name in ("code", "file", "member", "place"):
            table.add_column(self.say(f"column.{name}"), key=name)
        table.focus()

    def draw_body(self) -> None:
        """Fetch the first page once for each state of the figures."""
        model, about = self.model, self.query_one("#about", Static)
        if model is None or model.result is None:
            about.update(Text("\n").join(waiting_lines(self, model, self.app.size.width - 2)))
            return
        self.fetch_once(
            lambda standing: (standing.quarantine_counts(), standing.quarantine(None, PAGE, 0)), self._first_fetched
        )
        self._draw_about()

    def _first_fetched(self, found: tuple[list[tuple[str, int]], list[_Entry]]) -> None:
        self._counts, entries = found
        self._entries = []
        self.query_one("#entries", DataTable).clear()
        self._fetched(entries)
        self._draw_about()

    def _fetched(self, entries: list[_Entry]) -> None:
        table = self.query_one("#entries", DataTable)
        self._more = len(entries) == PAGE
        for source, member, _, code, _, place in entries:
            table.add_row(*(printable(told or "–") for told in (code, source, member, place)), key=str(table.row_count))
        self._entries += entries

    def _draw_about(self) -> None:
        width = self.app.size.width
        whole = sum(count for _, count in self._counts)
        if not whole:
            self.query_one("#about", Static).update(Text(f" {self.say('quarantine.empty')}", GOOD))
            return
        lines = [Text(f" {text(self.lang, 'dashboard.quarantine.count', count=whole)}", STRONG)]
        told = ", ".join(f"{printable(code)} {number(self.lang, count)}" for code, count in self._counts)
        lines += wrapped(told, width, FAINT)[:3]
        self.query_one("#about", Static).update(Text("\n").join(lines))

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """The entry under the cursor in full; near the end the next page."""
        model = self.model
        if not 0 <= event.cursor_row < len(self._entries) or model is None:
            return
        source, member, stage, code, message, place = (
            printable(told or "") for told in self._entries[event.cursor_row]
        )
        width = self.app.size.width
        told = printable(quarantine_told(code, message, self.lang))
        lines = wrapped(f"{code} ({stage}): {told}", width, BAD, 2)
        lines += wrapped(f"@ {source} · {member}{' · ' if place else ''}{place}", width, FAINT, 2)
        self.query_one("#detail", Static).update(Text("\n").join(lines))
        if self._more and event.cursor_row >= len(self._entries) - PAGE // 4:
            self._more = False
            standing, skip = model.standing, len(self._entries)
            self.work.fetch(lambda: standing.quarantine(None, PAGE, skip), self._fetched)

    def sheet(self) -> Sheet | None:
        """The entries that are loaded."""
        columns = ("source", "member", "stage", "code", "message", "place")
        lines = [Text("  ".join(printable(told or "–") for told in entry)) for entry in self._entries]
        return Sheet("quarantine", columns, self._entries, lines)
