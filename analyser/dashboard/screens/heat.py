"""The heat map: service tasks across, municipalities (units, age groups, producers) down. Enter lists a cell's rows."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import Any, ClassVar

from rich.text import Text
from textual.coordinate import Coordinate
from textual.widget import Widget
from textual.widgets import DataTable, Static

from analyser.coverage.browse import Choice
from analyser.coverage.result import Dimension
from analyser.dashboard.drawing.heatmap import (
    ALL,
    CELL,
    PLACES,
    Figure,
    HeatMap,
    cell_text,
    column_title,
    heat_lines,
    place_title,
)
from analyser.dashboard.drawing.marks import FAINT, STRONG
from analyser.dashboard.drawing.overview import wrapped
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.overview import waiting_lines
from analyser.dashboard.screens.view import View
from analyser.dashboard.widgets import Table

_WHOLE = "whole"
_OPTIONS = {
    Dimension.MUNICIPALITY: "--municipality",
    Dimension.UNIT: "--unit",
    Dimension.PRODUCER: "--producer",
}


class HeatScreen(View):
    """Coverage by service task and place."""

    view: ClassVar[str] = "heat"

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[HeatMap, Figure, object] | None = None

    def body(self) -> Iterable[Widget]:
        """A line that says what is shown, the table, the legend."""
        yield Static(id="about", markup=False)
        yield Table(
            id="heat",
            cursor_type="cell",
            fixed_columns=1,
            header_height=2,
            cell_padding=0,
            cursor_foreground_priority="renderable",
        )
        yield Static(id="legend", markup=False)

    def on_mount(self) -> None:
        """The table takes the arrow keys."""
        super().on_mount()
        self.query_one("#heat").focus()

    def draw_body(self) -> None:
        """The table of the dimension, computed when it is first asked for."""
        model, look = self.model, self.work.look
        about, legend = self.query_one("#about", Static), self.query_one("#legend", Static)
        if model is None or model.result is None:
            about.update(Text("\n").join(waiting_lines(self, model, self.app.size.width - 2)))
            return
        if look.dimension not in model.maps:
            self.work.fetch(lambda: model.map(look.dimension), lambda _: self.redraw())
            return
        before = self.work.before
        if look.figure is Figure.CHANGE and before is None:
            look.figure = Figure.ROWS
        table = model.maps[look.dimension]
        unit = self.say(f"heat.unit_{look.figure.value}", **({"period": before.period.id} if before else {}))
        title = self.say("heat.shown", what=self.say(f"heat.by.{look.dimension.value}"), figure=unit)
        about.update(Text(f" {title if table.places else self.say('heat.empty')}", STRONG))
        name = {Figure.LACKING: "legend_lacking", Figure.CHANGE: "legend_change"}.get(look.figure, "legend")
        legend.update(Text("\n").join(wrapped(self.say(f"heat.{name}"), self.app.size.width, FAINT)))
        if self._shown != (table, look.figure, before):
            self._shown = (table, look.figure, before)
            self._fill(table)

    def _fill(self, table: HeatMap) -> None:
        model, look, grid = self.model, self.work.look, self.query_one("#heat", DataTable)
        if model is None or model.result is None:
            return
        earlier = self.work.before.map(look.dimension) if look.figure is Figure.CHANGE and self.work.before else None
        grid.clear(columns=True)
        titles = [place_title(place, table.dimension, model.result.names, self.lang) for place in table.places]
        label = min(max([10, *map(len, titles)]), max(16, self.app.size.width // 3)) + 1
        grid.add_column("", key="place", width=label)
        for place, column in enumerate(table.columns):
            code, name = column_title(column, model.result.names, self.lang)
            grid.add_column(
                Text(f"{code:>{CELL - 1}}\n{name:>{CELL - 1}}", STRONG, no_wrap=True), key=str(place), width=CELL
            )
        for row, (place_, title) in enumerate(zip(table.places, titles, strict=True)):
            grid.add_row(
                Text(f" {title}", no_wrap=True, overflow="ellipsis"),
                *(
                    cell_text(
                        table.totals.get((column, place_)),
                        look.figure,
                        self.lang,
                        earlier.totals.get((column, place_)) if earlier else None,
                    )
                    for column in table.columns
                ),
                key=str(row),
            )
        grid.add_row(
            Text(" " + self.say("heat.whole"), STRONG),
            *(
                cell_text(
                    table.whole.get(column), look.figure, self.lang, earlier.whole.get(column) if earlier else None
                )
                for column in table.columns
            ),
            key=_WHOLE,
        )
        row, column_ = look.cell
        grid.move_cursor(
            row=min(row, grid.row_count - 1), column=max(1, min(column_, len(table.columns))), animate=False
        )

    def on_data_table_cell_highlighted(self, event: DataTable.CellHighlighted) -> None:
        """The cursor's place is kept while one looks at rows; it never rests on the names."""
        if event.coordinate.column == 0 and event.data_table.row_count:
            event.data_table.cursor_coordinate = Coordinate(event.coordinate.row, 1)
        else:
            self.work.look.cell = (event.coordinate.row, event.coordinate.column)

    async def on_data_table_cell_selected(self, event: DataTable.CellSelected) -> None:
        """Enter or a click on a cell lists its rows."""
        choice = self.chosen(event.coordinate)
        if choice is not None:
            await self.board.show_rows(choice)

    def chosen(self, at: Coordinate) -> Choice | None:
        """The rows of a cell."""
        if self._shown is None or not self._shown[0].columns:
            return None
        table = self._shown[0]
        column = table.columns[max(0, at.column - 1)]
        place = (table.dimension, table.places[at.row]) if at.row < len(table.places) else None
        if column == ALL:
            return Choice(place=place)
        return Choice(column.layer, column.service_task, place)

    def switch_dimension(self) -> None:
        """Municipality, unit, age group, producer, and around."""
        look = self.work.look
        look.dimension = PLACES[(PLACES.index(look.dimension) + 1) % len(PLACES)]
        look.cell = (0, 1)
        self.redraw()

    def switch_figure(self) -> None:
        """Episodes, days, persons, to be delivered, change (once there is something to compare with)."""
        look, figures = self.work.look, list(Figure)
        if self.work.before is None:
            figures.remove(Figure.CHANGE)
        look.figure = figures[(figures.index(look.figure) + 1) % len(figures)]
        self.redraw()

    def copied(self) -> str | None:
        """The command that lists the rows of the cell."""
        choice = self.chosen(self.query_one("#heat", DataTable).cursor_coordinate)
        if choice is None or self.model is None:
            return None
        parts = [f"kanta-gap gaps --period {self.model.period.id}"]
        if choice.service_task:
            parts.append(f"--service-task {shlex.quote(choice.service_task)} --where 'layer = {choice.layer}'")
        if choice.place and choice.place[0] in _OPTIONS:
            parts.append(f"{_OPTIONS[choice.place[0]]} {shlex.quote(choice.place[1] or 'none')}")
        return " ".join(parts)

    def sheet(self) -> Sheet | None:
        """All cells with their figures."""
        model = self.model
        if model is None or model.result is None or self._shown is None:
            return None
        table = self._shown[0]
        names = ("rows", "excluded", "undetermined", "archived", "partial", "missing", "days_expected", "days_archived")
        rows: list[tuple[Any, ...]] = []
        for column in table.columns:
            if column == ALL:
                continue
            for place in table.places:
                totals = table.totals.get((column, place))
                if totals is not None:
                    figures = (*(getattr(totals, name) for name in names), totals.coverage_rows)
                    rows.append((column.layer, column.service_task, place, *figures))
        columns = ("layer", "service_task", table.dimension.key, *names, "coverage_rows")
        lines = heat_lines(
            table, model.result.names, self.lang, max(100, self.app.size.width), len(table.places), self._shown[1]
        )
        return Sheet(f"by-{Dimension(table.dimension).value}", columns, rows, lines)
