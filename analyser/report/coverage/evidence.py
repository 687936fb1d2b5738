"""The conditions in words: a sentence in one breath, and tables for who wants every number.

A value is written by its kind alone, so no condition needs a face of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analyser.coverage.condition_values import Condition, ConditionFinding, Scalar, Value, ValueKind, ValueTable
from analyser.coverage.names import Names
from analyser.messages.catalogue import decimal, number, percent, text
from analyser.report.page import Page, grid, printable
from analyser.report.words import municipality_title, task_title, unit_title

STEPS = (0.98, 0.9, 0.7)
"""Shares below which a tile is shown one step stronger."""
_SHOWN = 3
"""Names of a list that a sentence gives; the others are counted."""
_RIGHT = (ValueKind.COUNT, ValueKind.SHARE, ValueKind.LEVEL)
_LONG = (ValueKind.TASK, ValueKind.UNIT)


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table in words."""

    name: str
    title: str
    columns: tuple[str, ...]
    right: tuple[int, ...]
    """Columns of numbers."""
    whole: tuple[int, ...]
    """Columns whose cells are short enough never to be broken."""
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[tuple[int | float | None, ...], ...]
    """The same cells as the numbers they are; None where they are words."""
    kinds: tuple[ValueKind, ...]
    """What stands in each column."""

    @property
    def looks(self) -> tuple[tuple[str, ...], ...]:
        """How the cells of a matrix of units and months look: each month's documents beside the row's own level, as the
        tiles of the map; empty where there is no level, and for every other table."""
        if ValueKind.LEVEL not in self.kinds or ValueKind.FINDING not in self.kinds:
            return ()
        level = self.kinds.index(ValueKind.LEVEL)
        months = range(level + 1, self.kinds.index(ValueKind.FINDING))
        return tuple(
            tuple(_look(row[place], row[level]) if place in months else "" for place in range(len(row)))
            for row in self.figures
        )


def _look(documents: float | None, level: float | None) -> str:
    if documents is None or not level:
        return ""
    share = documents / level
    return "covered" if share >= 1 else f"gap{sum(share < step for step in STEPS)}"


def evidence(condition: Condition, names: Names, lang: str) -> str:
    """A condition's evidence in one sentence."""
    values = {value.name: _put(value, names, lang) for value in (*condition.values, *condition.thresholds)}
    return text(lang, condition.evidence, **values)


def _put(value: Value, names: Names, lang: str) -> str | int:
    """A value for a sentence: a count stays a number, so that the words can follow it."""
    if isinstance(value.value, tuple):
        return _list(value.kind, value.value, names, lang)
    if value.kind is ValueKind.COUNT and value.value is not None:
        return int(value.value)
    return written(value.kind, value.value, names, lang)


def tables(condition: Condition, names: Names, lang: str) -> list[WrittenTable]:
    """The tables of a condition that have rows."""
    return [_table(table, names, lang) for table in condition.details if table.rows]


def details(page: Page, condition: Condition, names: Names, lang: str) -> None:
    """The tables of a condition, on a page."""
    for table in tables(condition, names, lang):
        page.heading(table.title)
        shown = grid(*table.columns, right=table.right, whole=table.whole)
        for row in table.rows:
            shown.add_row(*row)
        page.table(shown)


def written(kind: ValueKind, value: Scalar, names: Names, lang: str) -> str:
    """A value as the language writes its kind; a dash when there is none."""
    if value is None:
        return text(lang, "conditions.unplaced") if kind is ValueKind.MUNICIPALITY else "–"
    return _WRITERS[kind](value, names, lang)


def _task(value: Scalar, names: Names, lang: str) -> str:
    layer, colon, _ = str(value).partition(":")
    if colon and layer == "child-protection":
        return text(lang, f"report.layer.{layer}")
    return task_title(names, str(value), lang)


_WRITERS: dict[ValueKind, Callable[[Scalar, Names, str], str]] = {
    ValueKind.COUNT: lambda value, _names, lang: number(lang, int(value or 0)),
    ValueKind.SHARE: lambda value, _names, lang: percent(lang, float(value or 0)),
    ValueKind.LEVEL: lambda value, _names, lang: decimal(lang, float(value or 0)),
    ValueKind.YEAR: lambda value, _names, _lang: str(value),
    ValueKind.MONTH: lambda value, _names, lang: str(value) if lang == "en" else _month(str(value)),
    ValueKind.GROUP: lambda value, _names, lang: text(lang, f"conditions.group.{value}"),
    ValueKind.UNIT: lambda value, names, lang: printable(unit_title(names, str(value), lang)),
    ValueKind.LAYER: lambda value, _names, lang: text(lang, f"report.layer.{value}"),
    ValueKind.TASK: _task,
    ValueKind.MUNICIPALITY: lambda value, _names, lang: municipality_title(str(value), lang),
    ValueKind.AGE_GROUP: lambda value, _names, _lang: str(value).replace("-", "–"),
    ValueKind.FINDING: lambda value, _names, lang: text(lang, f"conditions.finding.{value}"),
}


def _month(value: str) -> str:
    year, month = value.split("-")
    return f"{int(month)}/{year}"


def _list(kind: ValueKind, values: Sequence[Scalar], names: Names, lang: str) -> str:
    shown = ", ".join(written(kind, value, names, lang) for value in values[:_SHOWN])
    more = len(values) - _SHOWN
    return text(lang, "conditions.and_more", shown=shown, count=more) if more > 0 else shown


def _table(table: ValueTable, names: Names, lang: str) -> WrittenTable:
    titles = [text(lang, f"conditions.column.{name}") for name, _ in table.columns]
    kinds = [kind for _, kind in table.columns]
    rows = table.rows
    if ValueKind.MONTH in kinds:
        titles, kinds, rows = _by_month(table, titles, lang)
    return WrittenTable(
        table.name,
        text(lang, f"conditions.table.{table.name}"),
        tuple(titles),
        tuple(place for place, kind in enumerate(kinds) if kind in _RIGHT),
        tuple(place for place, kind in enumerate(kinds) if kind not in _LONG),
        tuple(tuple(written(kind, value, names, lang) for kind, value in zip(kinds, row, strict=True)) for row in rows),
        tuple(tuple(_figure(kind, value) for kind, value in zip(kinds, row, strict=True)) for row in rows),
        tuple(kinds),
    )


def _figure(kind: ValueKind, value: Scalar) -> int | float | None:
    if value is None or isinstance(value, str):
        return None
    return int(value) if kind in (ValueKind.COUNT, ValueKind.YEAR) else float(value) if kind in _RIGHT else None


def _by_month(
    table: ValueTable, titles: Sequence[str], lang: str
) -> tuple[list[str], list[ValueKind], tuple[tuple[Scalar, ...], ...]]:
    """One row a series: what it is, its level, its documents month by month, and the most telling finding."""
    place = {name: number_ for number_, (name, _) in enumerate(table.columns)}
    first = place["month"]
    months = sorted({str(row[first]) for row in table.rows})
    series: dict[tuple[Scalar, ...], list[tuple[Scalar, ...]]] = {}
    for row in table.rows:
        series.setdefault((*row[:first], row[place["level"]]), []).append(row)
    rows = tuple(
        (
            *key,
            *(row[place["documents"]] for row in own),
            min((ConditionFinding(str(row[place["finding"]])) for row in own), key=list(ConditionFinding).index).value,
        )
        for key, own in series.items()
    )
    kinds = [
        *(kind for _, kind in table.columns[:first]),
        ValueKind.LEVEL,
        *(ValueKind.COUNT for _ in months),
        ValueKind.FINDING,
    ]
    shown = [written(ValueKind.MONTH, month, Names(), lang) for month in months]
    return [*titles[:first], titles[place["level"]], *shown, titles[place["finding"]]], kinds, rows
