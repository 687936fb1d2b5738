"""The few widgets of the dashboard: a line of keys that can be clicked, and a table that pages the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from rich.style import Style
from rich.text import Text, TextType
from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, SelectionList, Static
from textual.widgets.data_table import RowKey
from textual.widgets.selection_list import Selection

from analyser.coverage.browse import BrowsedRow
from analyser.coverage.names import Names
from analyser.dashboard.drawing.marks import CLASS_MARKS, CLASS_STYLES
from analyser.messages.catalogue import date_text, text
from analyser.report.page import printable
from analyser.report.words import municipality_title, unit_name

_Value = TypeVar("_Value")
PAGE = 200
"""Rows fetched at a time."""


class KeyBar(Static):
    """Keys in one line, each a place to click. What has no room is left out from the right, the last one never."""

    def __init__(self, id_: str) -> None:
        super().__init__(id=id_, markup=False)
        self._items: list[tuple[str, str, str, bool]] = []
        self._spans: list[tuple[int, int, str]] = []

    def show(self, items: Sequence[tuple[str, str, str, bool]]) -> None:
        """Items: key, words, action, and whether it is where one is."""
        self._items = list(items)
        self._draw()

    def on_resize(self) -> None:
        """Another width has room for other keys."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width or 80
        self._spans = []
        line = Text(no_wrap=True)
        kept = _kept(self._items, width)
        for key, words, action, here in kept:
            start = line.cell_len
            line.append(f" {key} ", Style(bold=True, reverse=True))
            line.append(" ")
            line.append(words, Style(bold=here, underline=here))
            line.append(" ")
            self._spans.append((start, line.cell_len, action))
        self.update(line)

    def on_click(self, event: events.Click) -> None:
        """A click does what the key does. The app does it: a screen that waits for its own end would wait for ever."""
        for start, end, action in self._spans:
            if start <= event.x < end:
                self.app.call_later(self.app.run_action, f"app.{action}")


def _kept(items: Sequence[tuple[str, str, str, bool]], width: int) -> list[tuple[str, str, str, bool]]:
    def room(chosen: Sequence[tuple[str, str, str, bool]]) -> int:
        return sum(len(key) + len(words) + 4 for key, words, *_ in chosen)

    kept = list(items)
    while len(kept) > 2 and room(kept) > width:
        del kept[-3]
    return kept


class Boxes(SelectionList[_Value]):
    """A list of boxes whose marks are seen without colour: the library draws the same cross in all of them."""

    def __init__(self, entries: Sequence[tuple[Text, _Value, bool]], id_: str) -> None:
        self._entries = [(words, value) for words, value, _ in entries]
        super().__init__(*(Selection(_boxed(words, chosen), value, chosen) for words, value, chosen in entries), id=id_)

    def on_selection_list_selection_toggled(self) -> None:
        """Draw what is chosen."""
        here = self.highlighted
        chosen = self.selected
        for place, (words, value) in enumerate(self._entries):
            self.replace_option_prompt_at_index(place, _boxed(words, value in chosen))
        self.highlighted = here


def _boxed(words: Text, chosen: bool) -> Text:
    return Text.assemble("√ " if chosen else "  ", words, no_wrap=True)


class Table(DataTable[Any]):
    """A table that is whole whenever it is drawn, and whose cells are texts, never instructions.

    Textual widens columns when it has nothing else to do; what is drawn before that would keep the narrow ones. And it
    reads markup in words, which may come from documents and file names.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("h", "cursor_left", show=False),
        Binding("l", "cursor_right", show=False),
        Binding("g", "scroll_top", show=False),
        Binding("G", "scroll_bottom", show=False),
        Binding("ctrl+d", "page_down", show=False),
        Binding("ctrl+u", "page_up", show=False),
    ]

    def add_row(
        self, *cells: Any, height: int | None = 1, key: str | None = None, label: TextType | None = None
    ) -> RowKey:
        """Add a row; columns without a width of their own grow to hold it at once."""
        texts = [Text(cell) if isinstance(cell, str) else cell for cell in cells]
        added = super().add_row(*texts, height=height, key=key, label=label)
        for column, cell in zip(self.ordered_columns, texts, strict=False):
            if isinstance(cell, Text):
                column.content_width = max(column.content_width, cell.cell_len)
        return added


_REASON = 48
"""Characters of the first reason: a whole one would push unit and municipality off a wide screen; the row has it."""


class RowTable(Table):
    """Ledger rows, a page at a time in both directions. Fetching is the screen's business: see `wants`."""

    def __init__(self, lang: str, wants: Callable[[str], None]) -> None:
        """`wants` is called with `after`, `before`, `first` or `last` when rows beyond the loaded ones are needed."""
        super().__init__(cursor_type="row", zebra_stripes=True, cursor_foreground_priority="renderable")
        self._lang = lang
        self._wants = wants
        self.rows_shown: list[BrowsedRow] = []
        self.whole_start = self.whole_end = True
        """Whether the first and the last chosen row are loaded."""

    def head(self) -> None:
        """The columns."""
        for name in ("source_id", "class", "task", "start", "end", "days", "reasons", "municipality", "unit"):
            prefix = "dashboard" if name == "class" else "report"
            width = _REASON if name == "reasons" else None
            self.add_column(text(self._lang, f"{prefix}.column.{name}"), key=name, width=width)

    def fill(self, rows: Sequence[BrowsedRow], names: Names, *, at_end: bool = False) -> None:
        """Show these rows and no others."""
        self.clear()
        self.rows_shown = list(rows)
        for row in rows:
            self.add_row(*_cells(row, names, self._lang), key=row.source_id)
        if at_end and rows:
            self.move_cursor(row=len(rows) - 1)

    def extend(self, rows: Sequence[BrowsedRow], names: Names) -> None:
        """Show further rows behind."""
        self.rows_shown.extend(rows)
        for row in rows:
            self.add_row(*_cells(row, names, self._lang), key=row.source_id)

    def put_before(self, rows: Sequence[BrowsedRow], names: Names) -> None:
        """Show further rows in front; the cursor stays on its row."""
        place = self.cursor_row + len(rows)
        self.fill([*rows, *self.rows_shown], names)
        self.move_cursor(row=place)

    def chosen(self) -> BrowsedRow | None:
        """The row under the cursor."""
        return self.rows_shown[self.cursor_row] if 0 <= self.cursor_row < len(self.rows_shown) else None

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Near an end, the next page is fetched before one needs it."""
        if not self.whole_end and event.cursor_row >= len(self.rows_shown) - PAGE // 4:
            self._wants("after")
        elif not self.whole_start and event.cursor_row < PAGE // 4:
            self._wants("before")

    def action_scroll_top(self) -> None:
        """The first of all rows, loaded or not."""
        if self.whole_start:
            self.move_cursor(row=0)
        else:
            self._wants("first")

    def action_scroll_bottom(self) -> None:
        """The last of all rows, loaded or not."""
        if self.whole_end:
            self.move_cursor(row=max(0, len(self.rows_shown) - 1))
        else:
            self._wants("last")


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _cells(row: BrowsedRow, names: Names, lang: str) -> list[Text]:
    task = row.service_task or "–"
    if row.layer == "child-protection":
        task = f"{text(lang, 'dashboard.heat.layer')} {task}"
    reasons = ""
    if row.reasons:
        more = f" (+{len(row.reasons) - 1})" if len(row.reasons) > 1 else ""
        reasons = _cut(text(lang, f"reason.{row.reasons[0].value}.what"), _REASON - len(more)) + more
    municipality = municipality_title(row.municipality, lang) if row.municipality else None
    unit = unit_name(names, row.unit, lang) or row.unit
    return [
        Text(printable(row.source_id)),
        Text.assemble(
            (f"{CLASS_MARKS[row.row_class]} ", CLASS_STYLES[row.row_class]),
            text(lang, f"report.class.{row.row_class.value}"),
        ),
        Text(printable(task)),
        Text(printable(date_text(lang, row.start) or "?")),
        Text(printable(date_text(lang, row.end) or "…")),
        Text(f"{row.days_archived}/{row.days_expected}", justify="right"),
        Text(reasons),
        *(Text(printable(told or "–")) for told in (municipality, unit)),
    ]
