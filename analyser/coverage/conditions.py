"""The three conditions under which nothing need be delivered separately, as evidence and not as a guess.

The law's source does not say how much "covers" is; the thresholds are this project's own settings and are told
with every judgement. Where the data do not decide, the status is unknown. docs/conditions.md is the definition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from analyser.coverage.condition_values import (
    Condition,
    ConditionFinding,
    ConditionStatus,
    Scalar,
    Value,
    ValueKind,
    ValueTable,
    counts,
    names,
)
from analyser.coverage.model import Model
from analyser.coverage.result import Layer
from analyser.coverage.shares import share


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as covering. This project's own defaults, not the authority's; each is a setting of the same name."""

    service_task_share: float = 1.0
    """Archived rows of a service task, of those that could be archived."""
    municipality_share: float = 1.0
    """Clients of a municipality or an age group all of whose rows are archived, of its clients in the register."""
    month_share: float = 0.5
    """Documents of a month, of the earlier level of the same document group (in the same unit)."""
    edge_month_share: float = 0.25
    """The same for the first and the last month of the period, whose documents may come early or late."""
    active_months: int = 6
    """Months with documents, of the twelve before the period, from which there is an earlier level."""
    least_level: float = 5.0
    """Documents a month below which a level is too small to judge by."""
    sparse_share: float = 0.25
    """Clients of a municipality, of those that its population lets expect, below which it stands out."""
    least_expected: float = 5.0
    """Clients that the whole area's rate lets expect, from which a municipality can stand out."""

    reference_share: float = 0.1
    """Difference between a published figure and the own count, of the published one, that is told as small."""

    def told(self, *wanted: str) -> tuple[Value, ...]:
        """Thresholds by name, as values."""
        kinds = {"active_months": ValueKind.COUNT, "least_level": ValueKind.LEVEL, "least_expected": ValueKind.LEVEL}
        return tuple(
            Value(entry.name, kinds.get(entry.name, ValueKind.SHARE), getattr(self, entry.name))
            for entry in fields(self)
            if entry.name in wanted
        )


@dataclass(frozen=True, slots=True)
class _Series:
    """Documents of one month of a document group, in one unit or in all."""

    by_unit: bool
    group: str
    unit: str | None
    month: str
    documents: int
    level: float | None
    edge: bool
    open: bool
    closed: bool
    """By the list of units the unit did not work then, or not in the whole month."""

    def threshold(self, limits: Thresholds) -> float:
        """The share of the level that the month must reach."""
        return limits.edge_month_share if self.edge else limits.month_share

    def finding(self, limits: Thresholds) -> ConditionFinding:
        """How the month is judged."""
        if self.open:
            return ConditionFinding.NOT_OVER
        if self.closed:
            return ConditionFinding.CLOSED
        if self.level is None:
            return ConditionFinding.NO_LEVEL
        if self.documents < self.level * self.threshold(limits):
            return ConditionFinding.SHORT if self.documents else ConditionFinding.NONE
        return ConditionFinding.MET


def period_condition(model: Model, limits: Thresholds) -> Condition:
    """Do documents of every month stand in the archive, and did no unit fall silent that used to archive?

    Nothing is decided before the period has ended.
    """
    series = [
        _Series(*row)
        for row in model.rows(
            "document-months", {"active_months": limits.active_months, "least_level": limits.least_level}
        )
    ]
    unknown_units = model.rows("register-units")
    ((undated,),) = model.rows("undated-documents")
    months: dict[str, int] = {}
    for one in series:
        months[one.month] = months.get(one.month, 0) + (0 if one.by_unit else one.documents)
    not_over = sorted({one.month for one in series if one.open})
    empty = [month for month, documents in months.items() if not documents and month not in not_over]
    judged = [one for one in series if one.level is not None and not one.closed]
    short = [one for one in judged if one.finding(limits) in (ConditionFinding.SHORT, ConditionFinding.NONE)]
    units = {(one.group, one.unit) for one in judged if one.by_unit}
    # The series that lost most documents is the one to be named in a sentence.
    worst = max(short, key=lambda one: (one.by_unit, (one.level or 0) - one.documents), default=None)
    values = (
        *counts(
            documents=sum(months.values()),
            months=len(months),
            undated=undated,
            units=len(units),
            without_level=len({(one.group, one.unit) for one in series if one.by_unit and one.level is None}),
            short_units=len({(one.group, one.unit) for one in short if one.by_unit}),
            short_groups=len({one.group for one in short if not one.by_unit}),
            unknown_units=len(unknown_units),
        ),
        Value("fewest", ValueKind.COUNT, min(months.values(), default=0)),
        names("empty", ValueKind.MONTH, empty),
        names("not_over", ValueKind.MONTH, not_over),
        Value("worst_group", ValueKind.GROUP, worst.group if worst else None),
        Value("worst_unit", ValueKind.UNIT, worst.unit if worst else None),
        Value("worst_month", ValueKind.MONTH, worst.month if worst else None),
        Value("worst_documents", ValueKind.COUNT, worst.documents if worst else None),
        Value("worst_level", ValueKind.LEVEL, worst.level if worst else None),
    )
    details = (
        _series_table("groups", [one for one in series if not one.by_unit], limits),
        _series_table("units", [one for one in series if one.by_unit], limits),
        ValueTable(
            "register_units",
            (("unit", ValueKind.UNIT), ("rows", ValueKind.COUNT), ("finding", ValueKind.FINDING)),
            tuple((unit, rows, ConditionFinding.NONE.value) for unit, rows in unknown_units),
        ),
    )
    verdicts = (
        (not series, ConditionStatus.UNKNOWN, "no-documents"),
        (model.request.under_way, ConditionStatus.UNKNOWN, "under-way"),
        (any(one.by_unit for one in short), ConditionStatus.NOT_MET, "silent-units"),
        (bool(short), ConditionStatus.NOT_MET, "silent-groups"),
        (bool(empty) and bool(judged), ConditionStatus.NOT_MET, "empty-months"),
        (bool(empty), ConditionStatus.UNKNOWN, "empty-months"),
        (bool(not_over), ConditionStatus.UNKNOWN, "not-over"),
        (not units, ConditionStatus.UNKNOWN, "no-level"),
        (bool(unknown_units), ConditionStatus.UNKNOWN, "unknown-units"),
        (True, ConditionStatus.MET, "every-month"),
    )
    return judgement(
        "period",
        verdicts,
        values,
        limits.told("month_share", "edge_month_share", "active_months", "least_level"),
        details,
    )


def service_task_condition(model: Model, limits: Thresholds) -> Condition:
    """Does every service task in scope reach its share in the archive?"""
    tasks = model.rows("task-shares")
    rows = [
        (
            layer,
            task,
            archived,
            judged,
            undetermined,
            archived_only,
            share(archived, judged),
            _task_finding(archived, judged, undetermined, limits.service_task_share),
        )
        for layer, task, archived, judged, undetermined, archived_only in tasks
    ]
    short = [row for row in rows if row[-1] is ConditionFinding.SHORT]
    none = [row for row in rows if row[-1] is ConditionFinding.NONE]
    judged_tasks = [row for row in rows if row[3]]
    worst = min(short, key=lambda row: (row[6] or 0, -row[3]), default=None)
    undetermined = sum(row[4] for row in rows)
    values = (
        *counts(
            tasks=len(judged_tasks),
            short_count=len(short),
            short_tasks=sum(row[0] == Layer.SERVICE_TASK for row in short),
            only_tasks=sum(row[0] == Layer.SERVICE_TASK for row in judged_tasks),
            none_count=len(none),
            archived=sum(row[2] for row in rows),
            rows=sum(row[3] for row in rows),
            undetermined=undetermined,
            archived_only=sum(row[5] for row in rows),
        ),
        names("none", ValueKind.TASK, [_layered(row[0], row[1]) for row in none]),
        Value("worst", ValueKind.TASK, _layered(worst[0], worst[1]) if worst else None),
        Value("worst_archived", ValueKind.COUNT, worst[2] if worst else None),
        Value("worst_rows", ValueKind.COUNT, worst[3] if worst else None),
    )
    columns = (
        ("layer", ValueKind.LAYER),
        ("service_task", ValueKind.TASK),
        ("archived", ValueKind.COUNT),
        ("rows", ValueKind.COUNT),
        ("undetermined", ValueKind.COUNT),
        ("archived_only", ValueKind.COUNT),
        ("share", ValueKind.SHARE),
        ("finding", ValueKind.FINDING),
    )
    verdicts = (
        (any(row[0] == Layer.CHILD_PROTECTION for row in short), ConditionStatus.NOT_MET, "short-protection"),
        (bool(short), ConditionStatus.NOT_MET, "short"),
        (not judged_tasks and not undetermined, ConditionStatus.UNKNOWN, "no-rows"),
        (bool(undetermined), ConditionStatus.UNKNOWN, "undetermined"),
        (bool(none), ConditionStatus.UNKNOWN, "none"),
        (True, ConditionStatus.MET, "reached"),
    )
    details = (ValueTable("service_tasks", columns, tuple((*row[:-1], row[-1].value) for row in rows)),)
    return judgement("service_tasks", verdicts, values, limits.told("service_task_share"), details)


def judgement(
    condition: str,
    verdicts: tuple[tuple[bool, ConditionStatus, str], ...],
    values: tuple[Value, ...],
    thresholds: tuple[Value, ...],
    details: tuple[ValueTable, ...],
) -> Condition:
    """The first verdict that holds; the last one always does."""
    status, key = next((status, key) for holds, status, key in verdicts if holds)
    return Condition(status, f"conditions.{condition}.{key}", values, thresholds, details)


def _task_finding(archived: int, judged: int, undetermined: int, threshold: float) -> ConditionFinding:
    if judged and (share(archived, judged) or 0) < threshold:
        return ConditionFinding.SHORT
    if undetermined:
        return ConditionFinding.UNDECIDED
    return ConditionFinding.MET if judged else ConditionFinding.NONE


def _series_table(name: str, series: list[_Series], limits: Thresholds) -> ValueTable:
    cells: tuple[tuple[str, ValueKind, Callable[[_Series], Scalar]], ...] = (
        ("document_group", ValueKind.GROUP, lambda one: one.group),
        *((("unit", ValueKind.UNIT, _unit),) if name == "units" else ()),
        ("month", ValueKind.MONTH, lambda one: one.month),
        ("documents", ValueKind.COUNT, lambda one: one.documents),
        ("level", ValueKind.LEVEL, lambda one: one.level),
        ("share", ValueKind.SHARE, lambda one: round(one.documents / one.level, 6) if one.level else None),
        ("threshold", ValueKind.SHARE, lambda one: one.threshold(limits)),
        ("finding", ValueKind.FINDING, lambda one: one.finding(limits).value),
    )
    return ValueTable(
        name,
        tuple((column, kind) for column, kind, _ in cells),
        tuple(tuple(cell(one) for _, _, cell in cells) for one in series),
    )


def _unit(one: _Series) -> Scalar:
    return one.unit


def _layered(layer: str, task: str | None) -> str | None:
    return f"{layer}:{task or '–'}" if layer == "child-protection" else task
