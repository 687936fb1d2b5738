"""What a report to hand on shows beside the coverage: the periods before, places on a map, rows as examples."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from analyser.coverage.measure import cells, totals
from analyser.coverage.mending import Mending, mending
from analyser.coverage.model import Model, Request
from analyser.coverage.periods import calendar
from analyser.coverage.result import Cell, Dimension, Period, Totals
from analyser.coverage.timeline import Example, examples
from analyser.store.database import Database

PERIODS = 8
"""Periods that a history shows at most, the one asked for among them."""
EXAMPLES = 6
"""Rows that are drawn, each for another reason."""
_MAP = (Dimension.LAYER, Dimension.SERVICE_TASK, Dimension.MUNICIPALITY)


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """A period and its totals."""

    period: Period
    totals: Totals


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything of a report to hand on that the coverage Result does not hold."""

    history: tuple[PeriodFigures, ...]
    """The oldest first; the last is the period asked for."""
    places: tuple[Cell, ...]
    """Cells by layer, service task and municipality."""
    examples: tuple[Example, ...]
    mending: Mending = field(default_factory=Mending)


def history(database: Database, request: Request, *, whole: bool = True) -> tuple[Model, tuple[PeriodFigures, ...]]:
    """The model of the period asked for, and totals of the newest periods with register rows up to it.

    What does not depend on the period is made once for all of them; of those before no more than the ledger. `whole`:
    of the period asked for all tables stand, for the rules.
    """
    known = {entry.period for entry in calendar(database.connection, request.period.end) if entry.rows}
    before = sorted((p for p in known if p.end < request.period.start), key=lambda p: (p.start, p.end))
    first, *others = [*before[-(PERIODS - 1) :], request.period]
    model = Model.told(
        database.connection, replace(request, period=first), ledger_only=bool(others), whole=whole and not others
    )
    told = [PeriodFigures(first, totals(model))]
    for period in others:
        asked = period == request.period
        model = model.for_period(period, ledger_only=not asked, whole=whole and asked)
        told.append(PeriodFigures(period, totals(model)))
    return model, tuple(told)


def outlook(model: Model, past: tuple[PeriodFigures, ...]) -> Outlook:
    """The outlook of the model, with a history asked for before."""
    return Outlook(past, cells(model, _MAP), examples(model, EXAMPLES), mending(model))
