"""Chosen rows put together by any column: how many of them lack, and how many are archived. Enter lists a group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.widget import Widget
from textual.widgets import DataTable, Static

from analyser.coverage.browse import GROUPED, Choice, RowGroup
from analyser.coverage.names import Names
from analyser.dashboard.drawing.marks import STRONG
from analyser.dashboard.drawing.pages import group_title, grouped_title
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.view import View
from analyser.dashboard.state import PeriodView
from analyser.dashboard.widgets import Table
from analyser.messages.catalogue import number, text

_MOST = 500
"""Groups that are shown."""
_ROOM = 52
"""Columns of the screen that the figures take."""
_COUNTS = ("rows", "missing", "partial", "undetermined", "archived", "excluded")


class GroupsScreen(View):
    """Groups of the rows that were chosen when it was opened."""

    view: ClassVar[str] = "groups"

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice
        self._column = next((name for name in GROUPED if name not in dict(choice.groups)), GROUPED[0])
        self._groups: list[RowGroup] = []
        self._listed: tuple[PeriodView, str] | None = None

    def tab(self) -> str:
        """It lies under the rows."""
        return "rows"

    def body(self) -> Iterable[Widget]:
        """By which column, and the groups."""
        yield Static(id="about", markup=False)
        yield Table(id="groups", cursor_type="row", zebra_stripes=True)

    def on_mount(self) -> None:
        """The table takes the arrow keys."""
        super().on_mount()
        self.query_one("#groups", DataTable).focus()

    def switch_column(self) -> None:
        """By the next column, and around."""
        self._column = GROUPED[(GROUPED.index(self._column) + 1) % len(GROUPED)]
        self.redraw()

    def draw_body(self) -> None:
        """Fetched once for each comparison and column."""
        model, column = self.model, self._column
        if model is None or model.result is None or self._listed == (model, column):
            return
        self._listed = (model, column)
        standing, names = model.standing, model.result.names

        def fetched(found: list[RowGroup]) -> None:
            if self._listed == (model, column):
                self._fill(found, names)

        self.work.fetch(lambda: standing.groups(self.choice, column, _MOST + 1), fetched)

    def _fill(self, found: list[RowGroup], names: Names) -> None:
        self._groups = found[:_MOST]
        told = self.say("groups.told", column=grouped_title(self._column, self.lang))
        if len(found) > _MOST:
            told += f" · {self.say('groups.more', count=_MOST)}"
        self.query_one("#about", Static).update(Text(f" {told}", STRONG))
        table = self.query_one("#groups", DataTable)
        table.clear(columns=True)
        head, *counts = self._heads()
        longest = max((cell_len(group_title(self._column, one.value, names, self.lang)) for one in found), default=0)
        # Figures stay on the screen: a long name gives way.
        table.add_column(head, width=max(cell_len(head), min(longest, self.app.size.width - _ROOM)))
        for name in counts:
            table.add_column(name)
        for place, one in enumerate(self._groups):
            table.add_row(*self._cells(one, names), key=str(place))

    def _heads(self) -> list[str]:
        counts = (text(self.lang, f"report.column.{name}") for name in _COUNTS)
        return [grouped_title(self._column, self.lang), *counts]

    def _cells(self, one: RowGroup, names: Names) -> list[Text]:
        counts = (number(self.lang, getattr(one, name)) for name in _COUNTS)
        name = group_title(self._column, one.value, names, self.lang)
        return [Text(name), *(Text(count, justify="right") for count in counts)]

    async def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a click lists the rows of the group."""
        if event.row_key.value is not None:
            one = self._groups[int(event.row_key.value)]
            kept = tuple(group for group in self.choice.groups if group[0] != self._column)
            await self.board.show_rows(replace(self.choice, groups=(*kept, (self._column, one.value))))

    def copied(self) -> str | None:
        """The value of the group."""
        place = self.query_one("#groups", DataTable).cursor_row
        return self._groups[place].value if place < len(self._groups) else None

    def sheet(self) -> Sheet | None:
        """The groups."""
        model = self.model
        if model is None or model.result is None:
            return None
        names = model.result.names
        rows = [(one.value, *(getattr(one, name) for name in _COUNTS)) for one in self._groups]
        lines = [Text("  ".join(str(cell) for cell in self._cells(one, names))) for one in self._groups]
        return Sheet(f"groups-{self._column}", (self._column, *_COUNTS), rows, lines)
