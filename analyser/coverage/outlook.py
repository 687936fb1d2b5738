"""What a report to hand on shows beside the coverage: the periods before, places on a map, rows as examples."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analyser.coverage.measure import assert_ties, cells, totals
from analyser.coverage.model import Request, build_model, change_period
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


def history(database: Database, request: Request) -> tuple[PeriodFigures, ...]:
    """Totals of the newest periods with register rows up to the one asked for.

    Each is a comparison of its own. The model that stands afterwards is that of the period asked for.
    """
    known = {entry.period for entry in calendar(database.connection, request.period.end) if entry.rows}
    before = sorted((p for p in known if p.end < request.period.start), key=lambda p: (p.start, p.end))
    told: list[PeriodFigures] = []
    for period in [*before[-(PERIODS - 1) :], request.period]:
        asked = replace(request, period=period)
        (change_period if told else build_model)(database.connection, asked)
        assert_ties(database.connection)
        told.append(PeriodFigures(period, totals(database.connection)))
    return tuple(told)


def outlook(database: Database, past: tuple[PeriodFigures, ...]) -> Outlook:
    """The outlook of the model that stands, with a history asked for before."""
    return Outlook(past, cells(database.connection, _MAP), examples(database.connection, EXAMPLES))
