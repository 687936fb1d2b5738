"""What the ledger must say of a row, by the arithmetic of days: each story states what its documents cover.

Independent of the product's SQL: whoever tells a story knows which days are archived and why the others are not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from analyser.coverage.result import Layer, Reason, RowClass
from analyser.synth.county import Quarter

Days = tuple[dt.date, dt.date]
"""First and last day, both included."""
OPEN = dt.date(9999, 12, 31)
_ORDER = {reason: number for number, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why days are not archived. `days`: holds only when a day of these is uncovered; None: whenever one is."""

    reason: Reason
    days: Days | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A register row and what its story knows of it. `end` None is open; days outside `covered` are not archived."""

    source_id: str
    layer: Layer
    task: str
    """How results call the service task; empty when that is no matter."""
    start: dt.date
    end: dt.date | None
    covered: tuple[Days, ...] = ()
    """What current documents cover, disjoint and in order."""
    causes: tuple[Cause, ...] = ()
    always: tuple[Reason, ...] = ()
    """Reasons of the row also when it is archived."""
    fixed: tuple[RowClass, tuple[Reason, ...]] | None = None
    """A class that no document changes."""
    second_reading: tuple[Days, ...] | None = None
    """What is covered when the other document of a version conflict is taken."""
    certain: tuple[Days, ...] | None = None
    """Days certainly covered, when a partial date makes them fewer than `covered`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Class, reasons and figures of a row in a period."""

    row_class: RowClass
    reasons: tuple[Reason, ...]
    days_expected: int
    days_archived: int


def verdict(row: Row, period: Quarter) -> Verdict | None:
    """What the ledger says of the row in the period; None when the row does not belong to it."""
    last = row.end or OPEN
    if max(row.start, last) < period.start or min(row.start, last) > period.end:
        return None
    if row.fixed is not None:
        return Verdict(row.fixed[0], row.fixed[1], 0, 0)
    days = max(row.start, period.start), min(last, period.end)
    expected = (days[1] - days[0]).days + 1
    archived = _count(row.covered, days)
    if row.second_reading is not None and _count(row.second_reading, days) != archived:
        return Verdict(RowClass.UNDETERMINED, (Reason.VERSION_CONFLICT,), 0, 0)
    if row.certain is not None and _count(row.certain, days) != archived:
        return Verdict(RowClass.UNDETERMINED, (Reason.PARTIAL_DATE,), 0, 0)
    reasons = set(row.always)
    if Reason.OLD_RELATIONSHIP_ONLY in reasons and not archived:
        reasons.remove(Reason.OLD_RELATIONSHIP_ONLY)
    if archived < expected:
        reasons |= {cause.reason for cause in row.causes if _bears(cause, row.covered, days)}
    if _differs(row):
        reasons.add(Reason.DATES_DIFFER)
    if archived == expected:
        row_class = RowClass.ARCHIVED
    else:
        row_class = RowClass.PARTIAL if archived else RowClass.MISSING
    return Verdict(row_class, in_order(reasons), expected, archived)


def in_order(reasons: set[Reason]) -> tuple[Reason, ...]:
    """Reasons in the order in which they are told."""
    return tuple(sorted(reasons, key=_ORDER.__getitem__))


def _count(covered: Sequence[Days], days: Days) -> int:
    return sum(max((min(last, days[1]) - max(first, days[0])).days + 1, 0) for first, last in covered)


def _bears(cause: Cause, covered: Sequence[Days], days: Days) -> bool:
    if cause.days is None:
        return True
    within = max(cause.days[0], days[0]), min(cause.days[1], days[1])
    if within[0] > within[1]:
        return False
    return _count(covered, within) < (within[1] - within[0]).days + 1


def _differs(row: Row) -> bool:
    """Whether archived episodes that overlap the row start or end on another day than the row."""
    if row.certain is not None:
        return False
    last = row.end or OPEN
    touching = [span for span in row.covered if span[0] <= last and span[1] >= row.start]
    return bool(touching) and (touching[0][0], touching[-1][1]) != (row.start, last)
