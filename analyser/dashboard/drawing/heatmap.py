"""Coverage as a table of service tasks (across) and places (down), each cell with a mark, a figure and a colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from rich.text import Text

from analyser.coverage.names import Names
from analyser.coverage.result import Cell, CellStatus, Dimension, Layer, Totals
from analyser.dashboard.drawing.marks import BAD, FAINT, GOOD, STRONG, heat, level
from analyser.messages.catalogue import number, percent, text
from analyser.report.page import printable
from analyser.report.words import place_title as named_place
from analyser.report.words import task_title

PLACES = (Dimension.MUNICIPALITY, Dimension.UNIT, Dimension.AGE_GROUP, Dimension.PRODUCER)
"""What the rows of the table can be, in the order in which they are switched."""
CELL = 8
"""Columns of a cell's text."""


class Figure(StrEnum):
    """What a cell tells."""

    ROWS = "rows"
    """Rows wholly archived, of those that could be."""
    DAYS = "days"
    """Archived days of the days expected."""
    PERSONS = "persons"
    """Persons all of whose rows are archived."""
    LACKING = "lacking"
    """Rows to be delivered separately, as a number."""
    CHANGE = "change"
    """Percentage points of rows against the period before."""


@dataclass(frozen=True, slots=True)
class HeatColumn:
    """A service task in a layer; without a layer, all of them."""

    layer: str | None
    service_task: str | None


ALL = HeatColumn(None, None)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The table: `totals` by column and place; the last column and the last row (place "") are sums."""

    dimension: Dimension
    columns: tuple[HeatColumn, ...]
    places: tuple[str | None, ...]
    totals: dict[tuple[HeatColumn, str | None], Totals]
    whole: dict[HeatColumn, Totals]
    """Sums over places, by column."""

    def share(self, column: HeatColumn, place: str | None, figure: Figure) -> float | None:
        """The share that a cell shows."""
        totals = self.totals.get((column, place))
        if totals is None:
            return None
        if figure is Figure.DAYS:
            return totals.coverage_days
        return totals.coverage_persons if figure is Figure.PERSONS else totals.coverage_rows


def heat_map(cells: Iterable[Cell], dimension: Dimension) -> HeatMap:
    """The table of cells broken down by layer, service task and the dimension.

    Child protection as a layer stands behind the service tasks. Persons are not summed: one may have several tasks.
    """
    totals: dict[tuple[HeatColumn, str | None], Totals] = {}
    sums: dict[str | None, Totals] = {}
    whole: dict[HeatColumn, Totals] = {}
    for cell in cells:
        where = dict(cell.place)
        column, place = HeatColumn(where["layer"], where["service_task"]), where[dimension.key]
        totals[column, place] = cell.totals
        sums[place] = _sum(sums.get(place), cell.totals)
        whole[column] = _sum(whole.get(column), cell.totals)
        whole[ALL] = _sum(whole.get(ALL), cell.totals)
    columns = sorted(
        {column for column, _ in totals},
        key=lambda one: (one.layer != Layer.SERVICE_TASK, one.service_task is None, one.service_task or ""),
    )
    places = sorted(sums, key=lambda place: (place is None, place or ""))
    totals |= {(ALL, place): total for place, total in sums.items()}
    return HeatMap(dimension, (*columns, ALL), tuple(places), totals, whole)


def _sum(one: Totals | None, other: Totals) -> Totals:
    if one is None:
        return replace(other, persons_expected=0, persons_archived=0)
    added = {f.name: getattr(one, f.name) + getattr(other, f.name) for f in fields(Totals)}
    return Totals(**added | {"persons_expected": 0, "persons_archived": 0})


def status(totals: Totals) -> CellStatus:
    """What a cell says at a glance."""
    if totals.partial or totals.missing:
        return CellStatus.GAP
    if totals.undetermined:
        return CellStatus.UNDETERMINED
    return CellStatus.COVERED if totals.archived else CellStatus.NO_BASIS


def cell_text(totals: Totals | None, figure: Figure, lang: str, before: Totals | None = None) -> Text:
    """A cell: mark and figure, as wide as `CELL`."""
    if totals is None:
        return Text(" " * CELL)
    state = status(totals)
    if figure is Figure.LACKING:
        lacking = totals.partial + totals.missing
        mark = "×" if lacking else "?" if totals.undetermined else "·" if state is CellStatus.NO_BASIS else "="
        return Text(_cell(mark, number(lang, lacking)), heat(totals.coverage_rows, state))
    if figure is Figure.CHANGE:
        return _change(totals.coverage_rows, before.coverage_rows if before else None, lang)
    share = {
        Figure.DAYS: totals.coverage_days,
        Figure.PERSONS: totals.coverage_persons,
    }.get(figure, totals.coverage_rows)
    told = "100" if share == 1 else "0" if share == 0 else percent(lang, share).rstrip("%").strip()
    return Text(_cell(level(share, state), told), heat(share, state))


def change(now: float | None, before: float | None, lang: str) -> str | None:
    """A change in percentage points with its sign; None when one of the two is not there."""
    if now is None or before is None:
        return None
    points = round((now - before) * 100, 1)
    told = f"{abs(points):.1f}" if lang == "en" else f"{abs(points):.1f}".replace(".", ",")
    return f"+{told}" if points > 0 else f"−{told}" if points < 0 else "0"


def _change(now: float | None, before: float | None, lang: str) -> Text:
    told = change(now, before, lang)
    if told is None:
        return Text(_cell("·", "–"), FAINT)
    mark, style = ("▲", GOOD) if told[0] == "+" else ("▼", BAD) if told[0] == "−" else ("=", FAINT)
    return Text(_cell(mark, told), style)


def _cell(mark: str, told: str) -> str:
    return f" {mark}{told:>{CELL - 3}} " if len(told) <= CELL - 3 else f"{mark}{told:>{CELL - 1}}"


def column_title(column: HeatColumn, names: Names, lang: str) -> tuple[str, str]:
    """Two short lines: the code and the beginning of the name."""
    if column == ALL:
        return "", text(lang, "dashboard.heat.all")
    title = printable(task_title(names, column.service_task, lang))
    code, _, name = title.partition(" ")
    if not name or not code[:1].isdigit():
        code, name = "", title
    if column.layer == Layer.CHILD_PROTECTION:
        code, name = text(lang, "dashboard.heat.layer"), name or title
    return code[: CELL - 1], name[: CELL - 2].rstrip() + "." if len(name) > CELL - 1 else name


def heat_lines(
    table: HeatMap, names: Names, lang: str, width: int, most: int, figure: Figure = Figure.ROWS
) -> list[Text]:
    """The table as lines, for a frame that nobody scrolls: what has no room is counted and told."""
    titles = [place_title(place, table.dimension, names, lang) for place in table.places[:most]]
    label = min(max([12, *map(len, titles)]) + 1, max(14, width // 3))
    room = max(1, (width - label - 1) // CELL)
    columns = table.columns if len(table.columns) <= room else (*table.columns[: room - 1], ALL)
    heads = [column_title(column, names, lang) for column in columns]
    lines = [
        Text(" " + " " * label + "".join(f"{head[place]:>{CELL - 1}} " for head in heads), style=STRONG, no_wrap=True)
        for place in (0, 1)
    ]
    for place, title in zip(table.places[:most], titles, strict=True):
        line = Text(" " + title[: label - 1].ljust(label), no_wrap=True)
        for column in columns:
            line.append_text(cell_text(table.totals.get((column, place)), figure, lang))
        lines.append(line)
    line = Text(" " + text(lang, "dashboard.heat.whole")[: label - 1].ljust(label), style=STRONG, no_wrap=True)
    for column in columns:
        line.append_text(cell_text(table.whole.get(column), figure, lang))
    lines.append(line)
    left_places, left_columns = len(table.places) - len(titles), len(table.columns) - len(columns)
    if left_places or left_columns:
        told = text(lang, "dashboard.heat.left_out", places=left_places, columns=left_columns)
        lines.append(Text(f" {told}", style=FAINT))
    return lines


def place_title(place: str | None, dimension: Dimension, names: Names, lang: str) -> str:
    """A row's name: the place, or that none is known."""
    if place is None:
        return text(lang, "dashboard.heat.no_place")
    return printable(named_place(names, dimension.key, place, lang))
