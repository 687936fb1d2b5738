"""Who has to mend how much, and why: rows to mend by unit, by who mends and by first reason, and by place.

A row counts once, by its first reason, as on the work lists: all sums are the ledger's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyser.coverage.model import Model
from analyser.coverage.result import Reason
from analyser.coverage.worklist import FixedBy, fixed_by
from analyser.messages.errors import BrokenSumError


@dataclass(frozen=True, slots=True)
class UnitToMend:
    """Rows of a unit with one first reason."""

    unit: str | None
    """None: the row names none, or its person is under a safety restriction."""
    restricted: bool
    reason: Reason | None
    rows: int

    @property
    def fixed_by(self) -> FixedBy:
        """Who mends them."""
        return _whose(self.reason)


@dataclass(frozen=True, slots=True)
class PlaceToMend:
    """Rows of a service task in a municipality with one first reason."""

    layer: str
    service_task: str | None
    municipality: str | None
    reason: Reason | None
    rows: int


@dataclass(frozen=True, slots=True)
class Mending:
    """Everything that is to be mended in a period, twice: by unit and by place."""

    units: tuple[UnitToMend, ...] = ()
    places: tuple[PlaceToMend, ...] = ()

    @property
    def rows(self) -> int:
        """Rows to mend."""
        return sum(one.rows for one in self.units)


def mending(model: Model) -> Mending:
    """Read it off the model. Raises BrokenSumError when it is not what the ledger counts."""
    units = tuple(
        UnitToMend(unit, bool(restricted), _reason(reason), rows)
        for restricted, unit, _, _, _, reason, rows in model.rows("to-mend", {"by_unit": True})
    )
    places = tuple(
        PlaceToMend(layer, task, municipality, _reason(reason), rows)
        for _, _, layer, task, municipality, reason, rows in model.rows("to-mend", {"by_unit": False})
    )
    by_class = dict(model.rows("ledger-by-class"))
    whole = sum(by_class.get(name, 0) for name in ("undetermined", "partial", "missing"))
    for found in (units, places):
        _assert_tied(found, whole)
    return Mending(units, places)


def _assert_tied(found: Sequence[UnitToMend | PlaceToMend], whole: int) -> None:
    rows = sum(one.rows for one in found)
    if rows != whole:
        raise BrokenSumError("coverage.figures", what="to-mend", one=rows, other=whole)


def _reason(name: str | None) -> Reason | None:
    return Reason(name) if name else None


def _whose(reason: Reason | None) -> FixedBy:
    return fixed_by([reason.value] if reason else [])
