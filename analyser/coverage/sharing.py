"""A report for people who may not see single persons: small counts are left out, and so much else that they cannot be
computed back.

What is published is one table of cells and its totals. A cell ends at one of three levels: in full; its number of rows
alone; or not at all. Small counts make a cell unsafe. Since every reader knows totals minus published cells, cells are
lowered further until what is left over is spread over at least two cells and wide enough: for every figure that is
left out, the smallest and the largest value that fit all published numbers lie at least `least` apart. For a table with
known row sums and column sums these bounds are exact (Fréchet). A row is of one person and has at most the days of the
period, so the rows that are told bound persons and days as well. If no cell is left to hide behind, the totals are
lowered. docs/security.md says it for people; tests/privacy/test_sharing.py proves it with two tables for every figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import IntEnum

from analyser.coverage.condition_values import Condition
from analyser.coverage.result import Answers, Cell, CellStatus, CoverageResult, Documents, Totals
from analyser.coverage.suppressed import SUPPRESSED
from analyser.messages.errors import UsageError

LEAST = 5
"""Counts from 1 to one below this are small; this project's own default."""
_CLASSES = ("excluded", "undetermined", "archived", "partial", "missing")
_PERSONS = ("persons_expected", "persons_archived", "persons_lacking")
_DAYS = ("days_expected", "days_archived", "days_lacking")
_MEASURES = (*_PERSONS, *_DAYS)
"""Figures that a row has at most one of, or as many as the period has days; what is lacking can be computed as well."""
_COUNTS = (*_CLASSES, "archived_only", "days_expected", "days_archived", "persons_expected", "persons_archived")


class Level(IntEnum):
    """How much of a cell is told."""

    NOTHING = 0
    ROWS = 1
    ALL = 2


@dataclass(slots=True)
class _Plan:
    """Levels under way."""

    least: int
    totals: Totals
    cells: Sequence[Totals]
    levels: list[Level]
    whole: Level
    days: int
    """Days of the period."""

    def left_over(self, name: str, below: Level) -> int:
        """The sum of a figure over the cells under a level: what totals and published cells give away."""
        return sum(_figure(cell, name) for cell, level in zip(self.cells, self.levels, strict=True) if level < below)

    def at(self, *levels: Level) -> list[int]:
        """Cells at these levels, the smallest first."""
        places = [place for place, level in enumerate(self.levels) if level in levels]
        return sorted(places, key=lambda place: (self.cells[place].rows, place))


def for_sharing(result: CoverageResult, least: int) -> CoverageResult:
    """The same report without small counts and without whatever would give them back. Raises UsageError for a `least`
    that protects nobody."""
    if least < 2:
        raise UsageError("cli.share_least", least=LEAST)
    days = (result.period.end - result.period.start).days + 1
    plan = planned(result.totals, [cell.totals for cell in result.cells], least, days)
    known_zero = _known_zero(plan, needed=result.separate_delivery.needed)
    delivery = result.separate_delivery
    totals = _shown(result.totals, plan.whole, known_zero if plan.whole is Level.ROWS else frozenset())
    full = plan.whole is Level.ALL
    return replace(
        result,
        totals=totals,
        cells=tuple(_cell(cell, level, known_zero) for cell, level in zip(result.cells, plan.levels, strict=True)),
        separate_delivery=replace(
            delivery,
            episodes=delivery.episodes if full or not delivery.needed else SUPPRESSED,
            undetermined=delivery.undetermined if full else SUPPRESSED,
            refused_lists=(),
            refused=SUPPRESSED if 0 < delivery.refused < least else delivery.refused,
            period=_condition(delivery.period),
            service_tasks=_condition(delivery.service_tasks),
            population=_condition(delivery.population),
        ),
        reasons=tuple(
            count
            for count in result.reasons
            if full and _apart(count.rows, getattr(result.totals, count.row_class.value), least)
        ),
        documents=(documents := _documents(result.documents, least)),
        answers=_answers(result.answers, least, told=documents is result.documents),
        register_errors=SUPPRESSED if 0 < result.register_errors < least else result.register_errors,
        sources=None,
        reference=None,
        shared=least,
    )


def planned(totals: Totals, cells: Sequence[Totals], least: int, days: int) -> _Plan:
    """The level of every cell and of the totals, for a period of so many days."""
    plan = _Plan(
        least,
        totals,
        cells,
        [_level(cell, least) for cell in cells],
        Level.ALL if _safe(totals, least) else _level(totals, least),
        days,
    )
    while _lowered(plan):
        pass
    return plan


def _level(figures: Totals, least: int) -> Level:
    if _safe(figures, least):
        return Level.ALL
    return Level.ROWS if figures.rows > least else Level.NOTHING


def _safe(figures: Totals, least: int) -> bool:
    """No count and no difference of two told counts is small."""
    counts = [_figure(figures, name) for name in ("rows", *_COUNTS, "persons_lacking", "days_lacking")]
    return not any(0 < count < least for count in counts)


def _figure(figures: Totals, name: str) -> int:
    if name.endswith("_lacking"):
        kind = name.removesuffix("_lacking")
        return int(getattr(figures, f"{kind}_expected") - getattr(figures, f"{kind}_archived"))
    return int(getattr(figures, name))


def _apart(part: int, whole: int, least: int) -> bool:
    return part >= least and (part == whole or whole - part >= least)


def _lowered(plan: _Plan) -> bool:
    """Lower one thing that does not protect yet; False when all does."""
    nothing = plan.at(Level.NOTHING)
    if nothing and plan.whole > Level.NOTHING:
        rows = plan.left_over("rows", Level.ROWS)
        if len(nothing) < 2 or rows <= plan.least:
            return _lower(plan, Level.NOTHING, (Level.ROWS, Level.ALL), whole=Level.NOTHING)
    hidden = plan.at(Level.NOTHING, Level.ROWS)
    if not hidden or plan.whole is not Level.ALL:
        return False
    if len(hidden) < 2 or not all(_wide(plan, name) for name in (*_CLASSES, *_MEASURES, "archived_only")):
        return _lower(plan, Level.ROWS, (Level.ALL,), whole=Level.ROWS)
    return False


def _lower(plan: _Plan, to: Level, among: Sequence[Level], *, whole: Level) -> bool:
    """The smallest cell of the first of these levels that has one to hide behind; without any, the totals."""
    fewest = plan.least if to is Level.ROWS else 0
    for level in among:
        if places := [place for place in plan.at(level) if plan.cells[place].rows > fewest]:
            plan.levels[places[0]] = to
            return True
    plan.whole = whole if plan.totals.rows > plan.least else Level.NOTHING
    return True


def _wide(plan: _Plan, name: str) -> bool:
    """Whether the figure's bounds are wide in every hidden cell, or its value is known to be 0 in all of them."""
    column = plan.left_over(name, Level.ALL)
    if not column:
        return True
    if name == "archived_only":
        return column >= plan.least
    most = plan.days if name in _DAYS else 1
    whole = plan.left_over("rows", Level.ALL)
    spread = plan.left_over("rows", Level.ROWS)
    for place in plan.at(Level.NOTHING, Level.ROWS):
        told = plan.levels[place] is Level.ROWS
        rows = plan.cells[place].rows if told else spread
        lowest = max(0, column - most * (whole - rows)) if told else 0
        # Where every row has all that it can have, the rows tell as much; they are told, and are not few.
        if min(most * rows, column) - lowest < plan.least and not (name in _MEASURES and lowest == most * rows):
            return False
    return True


def _known_zero(plan: _Plan, *, needed: bool) -> frozenset[str]:
    """Figures that every reader knows to be 0 in all hidden cells: they are told, not left out."""
    known = {"partial", "missing"} if not needed else set()
    if plan.whole is Level.ALL:
        known |= {name for name in _COUNTS if not plan.left_over(name, Level.ALL)}
    return frozenset(known)


def _shown(figures: Totals, level: Level, known_zero: frozenset[str]) -> Totals:
    if level is Level.ALL:
        return figures
    told = {"rows", *known_zero} if level is Level.ROWS else known_zero
    return Totals(
        **{entry.name: getattr(figures, entry.name) if entry.name in told else SUPPRESSED for entry in fields(figures)}
    )


def _cell(cell: Cell, level: Level, known_zero: frozenset[str]) -> Cell:
    if level is Level.ALL:
        return cell
    return replace(cell, totals=_shown(cell.totals, level, known_zero), status=CellStatus.SUPPRESSED)


def _condition(condition: Condition) -> Condition:
    """Its status alone: the evidence counts clients by place and task."""
    return Condition(condition.status, "privacy.share.evidence")


def _documents(documents: Documents, least: int) -> Documents:
    standings = [getattr(documents, entry.name) for entry in fields(documents)]
    if not any(0 < count < least for count in standings):
        return documents
    return Documents(documents.ingested if documents.ingested >= least else SUPPRESSED, *[SUPPRESSED] * 6)


def _answers(answers: Answers, least: int, *, told: bool) -> Answers:
    """Counts of answers and documents; codes of refusals stand for few documents each and are left out. Where the
    standings of the documents are not `told`, nothing is that adds up with them."""
    named = [entry.name for entry in fields(answers) if entry.name not in ("setting", "refusals")]
    small = not told or any(0 < getattr(answers, name) < least for name in named)
    counts = dict.fromkeys(named, SUPPRESSED) if small else {name: getattr(answers, name) for name in named}
    return Answers(answers.setting, **counts)
