"""The coverage table in text: a row for each cell, and a heat map when two dimensions were asked for.

Colour repeats what a mark or a figure says: nothing is lost without it.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from analyser.coverage.result import Cell, CellStatus, CoverageResult, Dimension, Layer
from analyser.coverage.suppressed import SIGN
from analyser.messages.catalogue import number, percent, text
from analyser.report.page import Page, grid, printable
from analyser.report.words import place_title, unit_name

STYLES = {
    CellStatus.COVERED: "green",
    CellStatus.GAP: "bold red",
    CellStatus.NO_BASIS: "dim",
    CellStatus.UNDETERMINED: "yellow",
    CellStatus.SUPPRESSED: "dim",
}
MARKS = {
    CellStatus.COVERED: "✓",
    CellStatus.GAP: "✗",
    CellStatus.NO_BASIS: "–",
    CellStatus.UNDETERMINED: "?",
    CellStatus.SUPPRESSED: SIGN,
}
_COUNTS = ("archived", "partial", "missing", "undetermined", "excluded", "archived_only")
_WIDE = 96
"""Columns from which the OID stands beside a unit's name where a row has several places."""
_NAMED = (Dimension.UNIT.key, Dimension.PRODUCER.key)


@dataclass(frozen=True, slots=True)
class _Look:
    """How much of the table is shown."""

    least: int
    """Columns of the page from which it is tried."""
    bar: int
    """Columns of the bar."""
    counts: int
    """How many of the figures."""
    status: bool
    """Whether the status is named, and not only marked."""


_LOOKS = (
    _Look(120, 10, 6, status=True),
    _Look(_WIDE, 5, 6, status=True),
    _Look(_WIDE, 0, 6, status=True),
    _Look(76, 5, 4, status=True),
    _Look(60, 0, 4, status=True),
    _Look(0, 0, 4, status=False),
)
"""From the fullest on: the first that stands on the page without a cut is shown."""
_LINES = _Look(0, 0, 6, status=True)
"""Where no table stands, a row is a line, which holds all."""
_LABEL = 12
"""The longest name that can head a column of the heat map."""


def ordered(result: CoverageResult) -> list[tuple[str | None, list[tuple[tuple[str, ...], Cell]]]]:
    """Cells by layer, service tasks first, each with its other places as texts of the data."""
    layered = Dimension.LAYER in result.by and len(result.by) > 1
    groups: dict[str | None, list[tuple[tuple[str, ...], Cell]]] = {}
    for cell in result.cells:
        place = dict(cell.place)
        layer = place.pop(Dimension.LAYER.key) if layered else None
        groups.setdefault(layer, []).append((tuple(value or "" for value in place.values()), cell))
    order = [None, *(layer.value for layer in Layer)]
    return sorted(groups.items(), key=lambda group: order.index(group[0]))


def dimensions(result: CoverageResult) -> list[str]:
    """The dimensions that a row of the table names: the layer heads its group instead."""
    if len(result.by) == 1:
        return [result.by[0].key]
    return [place.key for place in result.by if place is not Dimension.LAYER]


def cells(page: Page, result: CoverageResult, lang: str) -> None:
    """A row for each cell. A page on which all columns do not stand leaves some out, and says so: first the bar, then
    the last two figures, last the words of the status beside its mark; never is a figure or a word cut."""
    for look in _LOOKS:
        tables = [_table(page, look, layer, own, result, lang) for layer, own in ordered(result)]
        if page.width >= look.least and all(page.fits(table) for table in tables):
            for table in tables:
                page.table(table)
            break
    else:
        look = _LINES
        for layer, own in ordered(result):
            page.rows(_table(page, look, layer, own, result, lang))
    if look.counts < len(_COUNTS):
        left_out = ", ".join(text(lang, f"report.column.{name}") for name in _COUNTS[look.counts :])
        page.line(text(lang, "report.coverage.left_out", columns=left_out), style="dim")


def _table(
    page: Page,
    look: _Look,
    layer: str | None,
    own: list[tuple[tuple[str, ...], Cell]],
    result: CoverageResult,
    lang: str,
) -> Table:
    counts = _COUNTS[: look.counts]
    places = dimensions(result)
    first = len(places)
    bare = first > 1 and page.width < _WIDE and look is not _LINES
    heads = [text(lang, f"report.column.{key}") for key in places]
    if layer is not None:
        heads[0] = text(lang, f"report.layers.{layer}")
    share = "share" if look.status else "share_narrow"
    table = grid(
        *heads,
        *(text(lang, f"report.column.{name}") for name in (share, *counts)),
        text(lang, "report.column.status") if look.status else "",
        right=range(first + (1 if look.bar else 0), first + 1 + len(counts)),
        whole=range(first, first + 2 + len(counts)),
        tight=not look.status,
    )
    for values, cell in own:
        table.add_row(
            *(
                printable(
                    (unit_name(result.names, value, lang) if bare and key in _NAMED else None)
                    or place_title(result.names, key, value or None, lang)
                )
                for key, value in zip(places, values, strict=True)
            ),
            _share(cell, lang, look.bar),
            *(number(lang, getattr(cell.totals, name)) for name in counts),
            Text(_status(cell, look.status, lang), style=STYLES[cell.status]),
        )
    return table


def _status(cell: Cell, named: bool, lang: str) -> str:
    told = f" {text(lang, f'report.status.{cell.status.value}')}" if named else ""
    return f"{MARKS[cell.status]}{told}"


def _share(cell: Cell, lang: str, bar: int) -> Text:
    share = cell.totals.coverage_rows
    told = f"{percent(lang, share):>7}"
    if share is None or not bar:
        return Text(" " * (bar + 1 if bar else 0) + told, style=STYLES[cell.status])
    filled = max(1 if share else 0, int(share * bar))
    return Text(f"{'█' * filled}{'░' * (bar - filled)} {told}", style=STYLES[cell.status])


def heat(page: Page, result: CoverageResult, lang: str) -> None:
    """The first dimension down, the second across: the archived share, with a mark. Only when there are two."""
    places = dimensions(result)
    if len(places) != 2:
        return
    groups = ordered(result)
    across = sorted({values[1] for _, own in groups for values, _ in own})
    # A municipality heads its column by its code: its name would often be too long.
    titles = {
        value: printable(
            value
            if places[1] == Dimension.MUNICIPALITY.key and value
            else place_title(result.names, places[1], value or None, lang)
        )
        for value in across
    }
    if max(map(len, titles.values())) > _LABEL:
        return
    names = [text(lang, f"report.column.{key}") for key in places]
    page.heading(text(lang, "report.coverage.heat", down=names[0], across=names[1].lower()))
    label = min(34, page.width // 3)
    wide = max(10, *(len(title) + 1 for title in titles.values()))
    fit = max(1, (page.width - label - 2) // wide)
    for begin in range(0, len(across), fit):
        shown = across[begin : begin + fit]
        line = Text(" " * label, style="bold")
        line.append("".join(f"{titles[value]:>{wide}}" for value in shown))
        page.drawn(line)
        for layer, own in groups:
            if layer is not None:
                page.drawn(Text(text(lang, f"report.layers.{layer}"), style="italic"))
            found = dict(own)
            for down in sorted({values[0] for values in found}):
                name = printable(place_title(result.names, places[0], down or None, lang))
                page.drawn(_heat_row(name, [found.get((down, value)) for value in shown], label, wide, lang))
        page.gap()


def _heat_row(name: str, shown: list[Cell | None], label: int, wide: int, lang: str) -> Text:
    line = Text(f"  {name if len(name) <= label - 2 else name[: label - 3] + '…':<{label - 2}}")
    for cell in shown:
        if cell is None:
            line.append(" " * wide)
            continue
        share = cell.totals.coverage_rows
        told = f"{MARKS[cell.status]} {percent(lang, share)}" if share is not None else MARKS[cell.status]
        line.append(f"{told:>{wide}}", style=STYLES[cell.status])
    return line
