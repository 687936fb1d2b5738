"""One check: what all rules ended as, the coverage they stand on, and the verdict that becomes the exit code."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import duckdb

from analyser.coverage.answers import another_stands, keep_gathered
from analyser.coverage.fingerprints import fingerprints
from analyser.coverage.measure import documents, refused
from analyser.coverage.model import Model, Request
from analyser.coverage.result import Fingerprints, Period, Stale
from analyser.coverage.shares import share
from analyser.coverage.stale import stale
from analyser.messages.errors import ExitCode
from analyser.rules.catalogue import Severity
from analyser.rules.folding import fold
from analyser.rules.kept import expected, keep, taken_up
from analyser.rules.memory_limit import frugal
from analyser.rules.policy import Policy
from analyser.rules.run import Measured, Outcome, Status, judge, measure
from analyser.rules.sandbox import furnish, shut, write_tables
from analyser.store.database import Database

CHECK_SCHEMA = "kanta-gap/check/1"
"""Of a check that was saved as JSON."""


class Reached(StrEnum):
    """How the coverage that was asked for ended."""

    NOT_ASKED = "not-asked"
    PASSED = "passed"
    FAILED = "failed"
    NO_BASIS = "no-basis"
    """There is no row that could be archived: nothing to divide by."""


@dataclass(frozen=True, slots=True)
class CountedCoverage:
    """What the ledger and the documents came to, beside the rules."""

    rows: int = 0
    """Register rows of the period."""
    judged: int = 0
    """Those that are archived, partial or missing."""
    archived: int = 0
    undetermined: int = 0
    refused: int = 0
    """Rows of the county's lists, episodes and services, that could not be read."""
    documents: int = 0
    """Documents of the archive, the quarantined ones included."""
    quarantined: int = 0

    @property
    def coverage(self) -> float | None:
        """Archived rows of those judged, 0 to 1."""
        return share(self.archived, self.judged)

    def needed(self, percent: float) -> int:
        """How many more of the judged rows would have to be archived for this coverage."""
        # Rounded first: 0.28 · 100 is a little more than 28, and would ask for a row too many.
        wanted = math.ceil(round(percent * self.judged / 100, 9))
        return max(0, min(wanted, self.judged) - self.archived)


@dataclass(frozen=True, slots=True)
class Allowed:
    """How much of what makes a check end as 3 is accepted."""

    quarantined: int = 0
    undetermined: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """A waiver of the settings, and how many findings it set aside."""

    number: int
    rule: str
    subject: str
    """The subject, or the pattern of it."""
    reason: str
    owner: str
    expires: str
    expired: bool
    findings: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a check that looks at some files only leaves out."""

    paths: tuple[str, ...] = ()
    """The files that it looks at, as patterns; empty: all."""
    sources: tuple[str, ...] = ()
    """The sources that it looks at; empty: all."""
    findings: int = 0
    quarantined: int = 0
    undetermined: int = 0
    refused: int = 0


@dataclass(slots=True)
class Clock:
    """How long each rule took, in seconds, and what had to be done before the rules."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        """What ends now is called so."""
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._since
        self._since = now

    def slowest(self) -> list[tuple[str, float]]:
        """All, the longest first."""
        return sorted(self.seconds.items(), key=lambda timed: (-timed[1], timed[0]))


@dataclass(frozen=True, slots=True)
class Check:
    """The whole of a check."""

    period: Period
    as_of: str | None
    outcomes: tuple[Outcome, ...]
    counted: CountedCoverage
    min_coverage: float | None = None
    """Per cent."""
    fingerprints: Fingerprints | None = None
    """What it came from; None for a saved one that does not tell."""
    failing: tuple[Severity, ...] = (Severity.ERROR,)
    """Severities of findings that fail the check."""
    allowed: Allowed = Allowed()
    compared: bool = False
    """Whether it was held against a baseline."""
    waivers: tuple[WaiverUse, ...] = ()
    elsewhere: Elsewhere | None = None
    """What was left out; None when everything was looked at."""
    stale: Stale = field(default_factory=Stale)
    """What ends before the period does; unknown of a saved one."""

    @property
    def reached(self) -> Reached:
        """Whether the coverage asked for is there."""
        if self.min_coverage is None:
            return Reached.NOT_ASKED
        if not self.counted.judged:
            return Reached.NO_BASIS
        return Reached.FAILED if self.counted.needed(self.min_coverage) else Reached.PASSED

    def exit_code(self, failing: Collection[Severity]) -> ExitCode:
        """4 without anything to check, else 3 before 1 before 0."""
        counted, elsewhere = self.counted, self.elsewhere or Elsewhere()
        if not counted.rows and not counted.documents and not counted.refused:
            return ExitCode.NOTHING
        unsure = any(outcome.status is Status.ERROR for outcome in self.outcomes) or self.reached is Reached.NO_BASIS
        beyond = (
            counted.quarantined - elsewhere.quarantined > self.allowed.quarantined
            or counted.undetermined - elsewhere.undetermined > self.allowed.undetermined
            or counted.refused - elsewhere.refused > self.allowed.refused
        )
        if beyond or unsure:
            return ExitCode.UNCHECKED
        failed = any(outcome.status is Status.FAILED and outcome.level in failing for outcome in self.outcomes)
        failed = failed or (bool(failing) and any(waiver.expired for waiver in self.waivers))
        return ExitCode.FINDINGS if failed or self.reached is Reached.FAILED else ExitCode.DONE


def run_check(
    database: Database,
    request: Request,
    policies: Sequence[Policy],
    seconds: float,
    min_coverage: float | None = None,
    tables: Path | None = None,
    clock: Clock | None = None,
    *,
    standing: Model | None = None,
) -> Check:
    """Build the model, shut the store away, and run the rules. `tables`: also write the rules' tables to this file;
    `clock`: told what each rule takes. Both have the rules run.
    `standing`: the model of the request, where it was asked already, and has been seen to tie.

    The database is of no use afterwards, unless the rules were run before and what they counted still holds: then they
    are not run again. Raises BrokenSumError when figures do not tie.
    """
    connection = database.connection
    if (
        tables is None
        and clock is None
        and (found := kept_check(database, request, policies, min_coverage)) is not None
    ):
        return found
    came_from = fingerprints(connection, request)
    clock, begun = clock or Clock(), time.monotonic()
    wanted = expected(connection, request, policies)
    counted, ends = (
        _furnished(standing.whole())
        if standing is not None
        else frugal(connection, lambda: _prepared(connection, request), request.parts)
    )
    if tables is not None:
        write_tables(connection, tables)
    keep_gathered(connection)
    shut(connection)
    clock.lap("model")
    measured = measure(connection, policies, request.period, seconds, clock.lap)
    if wanted is not None:
        keep(wanted, measured, time.monotonic() - begun)
    folded = fold(policies, measured)
    clock.lap("folding")
    return _judged(request, policies, folded, counted, ends, came_from, min_coverage)


def kept_check(
    database: Database, request: Request, policies: Sequence[Policy], min_coverage: float | None = None
) -> Check | None:
    """The check, where all these rules were run before on the database as it is; the model need not stand."""
    connection = database.connection
    wanted = expected(connection, request, policies)
    measured = None if wanted is None else taken_up(connection, wanted)
    if measured is None:
        return None
    counted, ends = _counted(Model.told(connection, request))
    came_from = fingerprints(connection, request)
    return _judged(request, policies, fold(policies, measured), counted, ends, came_from, min_coverage)


def _judged(
    request: Request,
    policies: Sequence[Policy],
    folded: Sequence[Measured],
    counted: CountedCoverage,
    ends: Stale,
    came_from: Fingerprints,
    min_coverage: float | None,
) -> Check:
    return Check(
        request.period,
        request.as_of.isoformat() if request.as_of else None,
        tuple(judge(policy, found) for policy, found in zip(policies, folded, strict=True)),
        counted,
        min_coverage,
        came_from,
        stale=ends,
    )


def _prepared(connection: duckdb.DuckDBPyConnection, request: Request) -> tuple[CountedCoverage, Stale]:
    """Build the model and what rules read beside it; what was counted on the way, and how far the data reach."""
    another_stands(connection)  # what was begun before is taken away when it is begun anew
    return _furnished(Model.told(connection, request, whole=True))


def _furnished(model: Model) -> tuple[CountedCoverage, Stale]:
    """Make what rules read beside the model that stands; what was counted on the way, and how far the data reach."""
    told = _counted(model)  # the store is shut away from rules
    furnish(model)
    return told


_CLASSES = (
    "SELECT count(*) FILTER (class = 'archived'), count(*) FILTER (class IN ('archived', 'partial', 'missing')), "
    "count(*) FILTER (class = 'undetermined'), count(*) FROM ledger_row"
)


def _counted(model: Model) -> tuple[CountedCoverage, Stale]:
    ((archived, judged, undetermined, rows),) = model.answer(_CLASSES)
    found = documents(model)
    lost = refused(model)
    unread = lost.beside_episodes + lost.services
    counted = CountedCoverage(rows, judged, archived, undetermined, unread, found.ingested, found.quarantined)
    return counted, stale(model)
