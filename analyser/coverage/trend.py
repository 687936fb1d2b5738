"""The coverage of several periods beside each other, by layer and service task, with what was delivered of each.

What does not depend on the period is compared once (`Model.for_period`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from analyser.coverage.delivered import recall
from analyser.coverage.measure import cells, documents, names_of, refused, totals
from analyser.coverage.model import Model
from analyser.coverage.names import Names
from analyser.coverage.result import CellStatus, Dimension, Period, Stale, Totals
from analyser.coverage.shares import share
from analyser.coverage.stale import stale
from analyser.coverage.two_sources import CountedDeliveries, Sources
from analyser.messages.errors import BrokenSumError
from analyser.system.resources import query

TREND_SCHEMA = "kanta-gap/trend/1"
BY = (Dimension.LAYER, Dimension.SERVICE_TASK)


@dataclass(frozen=True, slots=True)
class Received:
    """What of the rows reached the register by either source."""

    delivered: int = 0
    """Lacking in Kanta, delivered as they stand now."""
    not_delivered: int = 0
    """Lacking in Kanta, and not delivered, or otherwise than they stand now."""
    kanta: int = 0
    """Archived."""

    @property
    def share(self) -> float | None:
        """Rows that at least one source brings, of those that are archived, partial or missing."""
        return share(self.kanta + self.delivered, self.kanta + self.delivered + self.not_delivered)


@dataclass(frozen=True, slots=True)
class TrendCell:
    """A service task in a period."""

    layer: str
    service_task: str | None
    totals: Totals
    status: CellStatus
    received: Received


@dataclass(frozen=True, slots=True)
class SinceLastLook:
    """What became of the rows to mend since the period was last asked about."""

    mended: int
    come: int


@dataclass(frozen=True, slots=True)
class TrendPeriod:
    """One period."""

    period: Period
    totals: Totals
    received: Received
    counted: CountedDeliveries
    cells: tuple[TrendCell, ...]
    since: SinceLastLook | None
    """None when nobody has looked yet, and with an as-of date."""
    refused: int
    """Rows of the county's lists that could not be read, of this period as far as is known."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Periods, oldest first."""

    periods: tuple[TrendPeriod, ...]
    names: Names
    as_of: dt.date | None
    quarantined: int
    county_name: str = ""
    stale: Stale = field(default_factory=Stale)
    """How far the data reach."""

    @property
    def tasks(self) -> tuple[tuple[str, str | None], ...]:
        """Layer and service task of every cell, in the order of a report."""
        found = {(cell.layer, cell.service_task) for one in self.periods for cell in one.cells}
        return tuple(
            sorted(found, key=lambda place: (place[0] == "child-protection", place[1] is None, place[1] or ""))
        )


def trend(first: Model, others: Iterable[Period], county_name: str = "") -> Trend:
    """The trend from the period of a model that stands over `others`, which follow it; the last one stands afterwards.

    Raises BrokenSumError when figures do not tie.
    """
    return _gathered(_models(first, others), county_name)


def _models(first: Model, others: Iterable[Period]) -> Iterator[Model]:
    yield first
    model = first
    for period in others:
        model = model.for_period(period)
        yield model


def _gathered(models: Iterable[Model], county_name: str) -> Trend:
    told: list[TrendPeriod] = []
    names, quarantined, as_of, ends = Names(), 0, None, Stale()
    for model in models:
        told.append(_period(model))
        names, quarantined, as_of = names_of(model), documents(model).quarantined, model.request.as_of
        ends = stale(model)
    return Trend(tuple(told), names, as_of, quarantined, county_name, ends)


def _period(model: Model) -> TrendPeriod:
    sources = recall(model).two_sources()
    by_task = {(one.layer, one.service_task): _received([one]) for one in sources.cells}
    whole, received = totals(model), _received(sources.cells)
    lacking = whole.partial + whole.missing
    if received.delivered + received.not_delivered != lacking or received.kanta != whole.archived:
        raise BrokenSumError(
            "coverage.figures", what="rows-lacking", one=received.delivered + received.not_delivered, other=lacking
        )
    told = []
    for cell in cells(model, BY):
        place = dict(cell.place)
        key = (place[Dimension.LAYER.key] or "", place[Dimension.SERVICE_TASK.key])
        told.append(TrendCell(*key, cell.totals, cell.status, by_task.get(key, Received())))
    return TrendPeriod(
        model.period, whole, received, sources.counted, tuple(told), _since(model), refused(model).beside_episodes
    )


def _received(found: Iterable[Sources]) -> Received:
    cells = tuple(found)
    return Received(
        sum(one.delivery for one in cells),
        sum(one.neither for one in cells),
        sum(one.kanta + one.both for one in cells),
    )


def _since(model: Model) -> SinceLastLook | None:
    if model.request.as_of is not None:
        return None
    days = {"period_start": model.period.start, "period_end": model.period.end}
    found = model.answer(query("memory", "mended"), days)
    return SinceLastLook(*found[0]) if found else None
