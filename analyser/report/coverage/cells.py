"""The coverage table in text: a row for each cell, and a heat map when two dimensions were asked for.

Colour repeats what a mark or a figure says: nothing is lost without it.
"""

from __future__ import annotations

from rich.text import Text

from analyser.coverage.result import Cell, CellStatus, CoverageResult, Dimension, Layer
from analyser.coverage.suppressed import SIGN
from analyser.messages.catalogue import number, percent, text
from analyser.report.page import Page, grid, printable
from analyser.report.words import place_title

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
_WIDE, _MIDDLE = 96, 76
"""Columns from which every figure is shown, and from which all but the last two and the bar are."""
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
    """A row for each cell. A narrow page leaves columns out, and says so."""
    wide, middle = page.width >= _WIDE, page.width >= _MIDDLE
    bar = 10 if page.width >= 120 else 5 if middle else 0
    counts = _COUNTS if wide else _COUNTS[:4]
    places = dimensions(result)
    first = len(places)
    bare = first > 1 and not wide
    for layer, own in ordered(result):
        heads = [text(lang, f"report.column.{key}") for key in places]
        if layer is not None:
            heads[0] = text(lang, f"report.layers.{layer}")
        table = grid(
            *heads,
            *(text(lang, f"report.column.{name}") for name in ("share", *counts)),
            text(lang, "report.column.status") if middle else "",
            right=range(first + 1, first + 1 + len(counts)),
            whole=range(first, first + 2 + len(counts)),
        )
        for values, cell in own:
            table.add_row(
                *(
                    printable(value or "–" if bare else place_title(result.names, key, value or None, lang))
                    for key, value in zip(places, values, strict=True)
                ),
                _share(cell, lang, bar),
                *(number(lang, getattr(cell.totals, name)) for name in counts),
                Text(_status(cell, middle, lang), style=STYLES[cell.status]),
            )
        page.table(table)
    if not wide:
        left_out = ", ".join(text(lang, f"report.column.{name}") for name in _COUNTS[4:])
        page.line(text(lang, "report.coverage.left_out", columns=left_out), style="dim")


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
