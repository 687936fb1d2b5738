"""What the dashboard knows at a moment: the period's model and how far it is, what is chosen, what rules found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from analyser.coverage.browse import Choice, Glance, Pages
from analyser.coverage.conditions import Thresholds
from analyser.coverage.history import Run
from analyser.coverage.model import Request
from analyser.coverage.periods import CalendarEntry
from analyser.coverage.result import CoverageResult, Dimension, Period
from analyser.dashboard.drawing.heatmap import Figure, HeatMap, heat_map
from analyser.rules.catalogue import Rule
from analyser.rules.policy import Policy
from analyser.rules.run import Status


@dataclass(frozen=True, slots=True)
class Ask:
    """What the command line asked for, and what the dashboard needs from outside."""

    lang: str
    request: Callable[[Period], Request]
    """The question about a period, with the settings' organisers and the as-of date."""
    chosen: Callable[[Any], Period]
    """The period to begin with, given a connection to the file. Raises NothingToCheckError without rows."""
    rules: Callable[[], list[Policy]]
    thresholds: Thresholds
    rule_time_limit: float
    """Seconds that one rule may run."""
    now: Callable[[], dt.datetime]
    """The clock, for the deadline and for when figures were computed."""
    settings: tuple[tuple[str, str], ...] = ()
    """Settings that decide what is counted and are not as they come: name and value."""
    county: str = ""
    """The county's name, where the settings say it."""
    color: bool = True
    excel: bool = False
    """Whether rows are written as CSV for Excel (setting `csv_for`)."""
    watch: bool = False


class Phase(StrEnum):
    """How far a period's comparison is."""

    WAITING = "waiting"
    """Another process writes the file."""
    COMPUTING = "computing"
    READY = "ready"
    FAILED = "failed"


@dataclass(slots=True)
class RuleLine:
    """A rule and how it ended; no status while it waits."""

    policy: Policy
    status: Status | None = None
    reason: str = ""
    found: int = 0
    of: int = 0

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.policy.rule


@dataclass(slots=True)
class PeriodView:
    """One period: what stands of it, and what was computed from it."""

    period: Period
    standing: Pages
    phase: Phase = Phase.COMPUTING
    step: int = 0
    steps: int = 0
    began: dt.datetime | None = None
    ended: dt.datetime | None = None
    mark: tuple[int, ...] = ()
    """The file's state when it was compared."""
    why: str = ""
    """Why it failed."""
    result: CoverageResult | None = None
    runs: Sequence[Run] = ()
    maps: dict[Dimension, HeatMap] = field(default_factory=dict)
    rules: list[RuleLine] = field(default_factory=list)
    rules_done: int = 0
    rules_running: bool = False

    @property
    def ready(self) -> bool:
        """Whether figures can be shown."""
        return self.result is not None

    def map(self, dimension: Dimension) -> HeatMap:
        """Coverage by service task and the dimension, computed once."""
        if dimension not in self.maps:
            self.maps[dimension] = heat_map(self.standing.cells(dimension), dimension)
        return self.maps[dimension]


@dataclass(slots=True)
class Look:
    """What is looked at, kept while one goes from view to view."""

    dimension: Dimension = Dimension.MUNICIPALITY
    figure: Figure = Figure.ROWS
    choice: Choice = field(default_factory=Choice)
    cell: tuple[int, int] = (0, 0)
    """Where the cursor stands on the heat map."""
    glance: Glance | None = None
    calendar: list[CalendarEntry] = field(default_factory=list)


def recent(calendar: Sequence[CalendarEntry], last: dt.date, most: int) -> list[Period]:
    """The newest periods with rows that begin on a day or before it, oldest first."""
    filled = {entry.period for entry in calendar if entry.rows and entry.period.start <= last}
    return sorted(filled, key=lambda one: (one.start, one.end))[-most:]


def neighbour(calendar: Sequence[CalendarEntry], period: Period, step: int) -> Period | None:
    """The period with rows before (-1) or after (+1) a period; None at the ends."""
    filled = sorted((entry.period for entry in calendar if entry.rows), key=lambda one: (one.start, one.end))
    beyond = [one for one in filled if (one.start > period.start if step > 0 else one.start < period.start)]
    if not beyond:
        return None
    return beyond[0] if step > 0 else beyond[-1]
