"""Who has to mend how much, and why, in words: the matrix by unit, by who mends and by first reason, and the places."""

from __future__ import annotations

import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyser.coverage.mending import Mending, UnitToMend
from analyser.coverage.names import Names
from analyser.coverage.result import Dimension, Period, Reason
from analyser.coverage.worklist import FixedBy
from analyser.messages.catalogue import number, text
from analyser.report.words import place_title, unit_name

UNITS_SHOWN = 200
"""Lines of the matrix; what else there is is told as a sum."""
Counted = tuple[str, str]
"""A number of rows, and the reason that they have."""


@dataclass(frozen=True, slots=True)
class UnitTold:
    """A line of the matrix."""

    name: str
    rows: str
    cells: tuple[tuple[str, tuple[Counted, ...]], ...]
    """For each who mends: rows, and how many of them for which first reason."""


@dataclass(frozen=True, slots=True)
class PlaceTold:
    """A service task in a municipality: what a tile of the map leads to."""

    anchor: str
    task: str
    municipality: str
    rows: str
    reasons: tuple[Counted, ...]
    command: str
    """Lists its rows."""


@dataclass(frozen=True, slots=True)
class MendingTold:
    """Both tables."""

    whose: tuple[Counted, ...]
    """Each who mends something, and how many rows."""
    units: tuple[UnitTold, ...]
    rows: str
    left: str
    """What of the matrix is not shown."""
    places: tuple[PlaceTold, ...]


def anchor_of(layer: str, service_task: str | None, municipality: str | None) -> str:
    """The place's name inside the page."""
    return "c-" + "-".join(re.sub(r"\W+", "_", one or "none") for one in (layer, service_task, municipality))


def mending_told(found: Mending, names: Names, period: Period, lang: str) -> MendingTold:
    """Both tables in words, what has most rows first."""
    whose = [one for one in FixedBy if any(unit.fixed_by is one for unit in found.units)]
    units = units_of(found)
    shown = units[:UNITS_SHOWN]
    hidden = [one for _, own in units[UNITS_SHOWN:] for one in own]
    return MendingTold(
        whose=tuple((text(lang, f"worklist.fixed_by.{one}"), _rows(_of(found.units, one), lang)) for one in whose),
        units=tuple(
            UnitTold(
                unit_told(own[0], names, lang),
                _rows(own, lang),
                tuple((_rows(_of(own, one), lang, none=""), _reasons(_of(own, one), lang)) for one in whose),
            )
            for _, own in shown
        ),
        rows=number(lang, found.rows),
        left=text(lang, "report.page.mending_left", units=len(units) - len(shown), rows=sum(one.rows for one in hidden))
        if hidden
        else "",
        places=_places(found, names, period, lang),
    )


def units_of(found: Mending) -> list[tuple[int, list[UnitToMend]]]:
    """The units with their rows, the largest first; persons under a safety restriction and rows without unit last."""
    by_unit: dict[tuple[bool, str], list[UnitToMend]] = defaultdict(list)
    for one in found.units:
        by_unit[one.restricted, one.unit or ""].append(one)
    order = sorted(by_unit, key=lambda key: (key[0], not key[1], -sum(one.rows for one in by_unit[key]), key[1]))
    return [(sum(one.rows for one in by_unit[key]), by_unit[key]) for key in order]


def unit_told(one: UnitToMend, names: Names, lang: str) -> str:
    """Whose rows they are."""
    if one.restricted:
        return text(lang, "worklist.restricted")
    return unit_name(names, one.unit, lang) or one.unit or text(lang, "worklist.nobody.unit")


def _of(rows: Iterable[UnitToMend], who: FixedBy) -> list[UnitToMend]:
    return [one for one in rows if one.fixed_by is who]


def _rows(found: Sequence[UnitToMend], lang: str, none: str = "0") -> str:
    count = sum(one.rows for one in found)
    return number(lang, count) if count else none


def _reasons(found: Iterable[UnitToMend], lang: str) -> tuple[Counted, ...]:
    return _told(Counter({one.reason: one.rows for one in found}), lang)


def _told(counted: Counter[Reason | None], lang: str) -> tuple[Counted, ...]:
    order = [None, *Reason]
    ranked = sorted(counted.items(), key=lambda item: (-item[1], order.index(item[0])))
    return tuple((number(lang, rows), _what(reason, lang)) for reason, rows in ranked)


def _what(reason: Reason | None, lang: str) -> str:
    return text(lang, f"reason.{reason.value}.what") if reason else "–"


def _places(found: Mending, names: Names, period: Period, lang: str) -> tuple[PlaceTold, ...]:
    counted: dict[tuple[str, str | None, str | None], Counter[Reason | None]] = defaultdict(Counter)
    for one in found.places:
        counted[one.layer, one.service_task, one.municipality][one.reason] += one.rows
    order = sorted(counted, key=lambda key: (-counted[key].total(), key[0], key[1] or "", key[2] or ""))
    return tuple(
        PlaceTold(
            anchor_of(*key),
            _task(key[0], key[1], names, lang),
            place_title(names, Dimension.MUNICIPALITY.key, key[2], lang)
            if key[2]
            else text(lang, "report.page.nowhere"),
            number(lang, counted[key].total()),
            _told(counted[key], lang),
            _command(key, period),
        )
        for key in order
    )


def _task(layer: str, service_task: str | None, names: Names, lang: str) -> str:
    title = place_title(names, Dimension.SERVICE_TASK.key, service_task, lang)
    return title if layer == "service-task" else f"{title} ({text(lang, f'report.layer.{layer}')})"


def _command(key: tuple[str, str | None, str | None], period: Period) -> str:
    layer, task, municipality = key
    parts = [f"kanta-gap gaps --period {period.id} --class undetermined,partial,missing"]
    parts += [f"--service-task {shlex.quote(task)}"] if task else []
    parts.append(f"--municipality {shlex.quote(municipality or 'none')}")
    parts.append(f"--where 'layer = {layer}'")
    return " ".join(parts)
