"""The three conditions under which nothing need be delivered separately, as evidence and not as a guess.

The law's source does not say how much "covers" is; the thresholds are this project's own settings and are told
with every judgement. Where the data do not decide, the status is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from analyser.coverage.result import Condition, ConditionStatus, share
from analyser.coverage.statements import statement

_SHOWN = 10
"""Items of a list that evidence names; the others are counted."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as covering. Shares from 0 to 1; this project's own defaults, not the authority's."""

    service_task_share: float = 1.0
    """Archived rows of a service task, of those that could be archived."""
    municipality_share: float = 1.0
    """Clients of a municipality all of whose rows are archived, of its clients in the register."""
    month_share: float = 0.5
    """Documents of a month, of the earlier level of the same kind of document in the same unit."""
    edge_month_share: float = 0.25
    """The same for the first and the last month of the period, whose documents may come early or late."""
    active_months: int = 6
    """Months with documents, of the twelve before the period, from which a unit has an earlier level."""
    least_level: float = 5.0
    """Documents a month below which a level is too small to judge by."""
    sparse_share: float = 0.25
    """Clients per inhabitant of a municipality, of the whole area's, below which it stands out."""
    least_expected: float = 5.0
    """Clients that the whole area's rate lets expect, from which a municipality can stand out."""


def period_condition(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds | None = None) -> Condition:
    """Were documents stored in every month, and did no unit fall silent that used to store?"""
    limits = thresholds or Thresholds()
    months = connection.execute(statement("months")).fetchall()
    series = connection.execute(
        statement("unit-months"), {"active_months": limits.active_months, "least_level": limits.least_level}
    ).fetchall()
    empty = [month for month, documents, still_open in months if not documents and not still_open]
    silent = [
        (kind, unit, level, month, documents)
        for kind, unit, level, month, documents, edge in series
        if documents < level * (limits.edge_month_share if edge else limits.month_share)
    ]
    units = {(kind, unit) for kind, unit, *_ in series}
    values: tuple[tuple[str, str | int | float | None], ...] = (
        ("documents", sum(documents for _, documents, _ in months)),
        ("months", _listed([f"{month}: {documents}" for month, documents, _ in months])),
        ("empty", _listed(empty)),
        ("open", _listed([month for month, _, still_open in months if still_open])),
        ("series", len(units)),
        ("silent", _listed([f"{kind} {unit or '–'} {m}: {n}/{level:g}" for kind, unit, level, m, n in silent])),
        ("silent_count", len({(kind, unit) for kind, unit, *_ in silent})),
        ("month_share", limits.month_share),
        ("edge_month_share", limits.edge_month_share),
        ("active_months", limits.active_months),
        ("least_level", limits.least_level),
    )
    if not any(documents for _, documents, _ in months):
        return Condition(ConditionStatus.UNKNOWN, "conditions.period.no-documents", values)
    if empty:
        return Condition(ConditionStatus.NOT_MET, "conditions.period.empty-months", values)
    if silent:
        return Condition(ConditionStatus.NOT_MET, "conditions.period.silent-units", values)
    if any(still_open for *_, still_open in months):
        return Condition(ConditionStatus.UNKNOWN, "conditions.period.open-months", values)
    if not units:
        return Condition(ConditionStatus.UNKNOWN, "conditions.period.no-level", values)
    return Condition(ConditionStatus.MET, "conditions.period.every-month", values)


def service_task_condition(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds) -> Condition:
    """Does every service task in scope reach its share in the archive?"""
    tasks = connection.execute(statement("task-shares")).fetchall()
    judged = [(_task(layer, task), archived, rows) for layer, task, archived, rows, _, _ in tasks if rows]
    short = [
        f"{task}: {archived}/{rows}"
        for task, archived, rows in judged
        if (share(archived, rows) or 0) < thresholds.service_task_share
    ]
    silent = [_task(layer, task) for layer, task, _, rows, undetermined, _ in tasks if not rows and not undetermined]
    undecided = sum(undetermined for *_, undetermined, _ in tasks)
    values: tuple[tuple[str, str | int | float | None], ...] = (
        ("tasks", len(judged)),
        ("shares", _listed([f"{task}: {archived}/{rows}" for task, archived, rows in judged])),
        ("short", _listed(short)),
        ("short_count", len(short)),
        ("silent", _listed(silent)),
        ("silent_count", len(silent)),
        ("undetermined", undecided),
        ("archived_only", sum(archived_only for *_, archived_only in tasks)),
        ("threshold", thresholds.service_task_share),
    )
    if short:
        return Condition(ConditionStatus.NOT_MET, "conditions.service_tasks.short", values)
    if not judged and not undecided:
        return Condition(ConditionStatus.UNKNOWN, "conditions.service_tasks.no-rows", values)
    if undecided:
        return Condition(ConditionStatus.UNKNOWN, "conditions.service_tasks.undetermined", values)
    if silent:
        return Condition(ConditionStatus.UNKNOWN, "conditions.service_tasks.silent", values)
    return Condition(ConditionStatus.MET, "conditions.service_tasks.reached", values)


def population_condition(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds) -> Condition:
    """Is every municipality of the population file reached, and every age group that it tells?"""
    places = connection.execute(statement("municipality-shares")).fetchall()
    ages = connection.execute(statement("age-shares")).fetchall()
    weighted = connection.execute(
        statement("population-weighted"), {"service_task_share": thresholds.service_task_share}
    ).fetchall()
    people = sum(population for _, population, *_ in places)
    short = [
        (place, population, archived, clients - undecided)
        for place, population, clients, archived, undecided, _ in places
        if clients > undecided and (share(archived, clients - undecided) or 0) < thresholds.municipality_share
    ]
    short_ages = [
        f"{age or '–'}: {archived}/{clients}"
        for age, clients, archived in ages
        if (share(archived, clients) or 0) < thresholds.municipality_share
    ]
    silent = [place for place, _, clients, *_ in places if not clients]
    undecided = sum(undecided for *_, undecided, _ in places)
    sparse = _sparse(places, thresholds)
    reached = people - sum(population for _, population, *_ in short)
    reached -= sum(population for _, population, clients, *_ in places if not clients)
    values: tuple[tuple[str, str | int | float | None], ...] = (
        ("municipalities", len(places)),
        ("population", people),
        ("clients", sum(clients for _, _, clients, *_ in places)),
        ("short", _listed([f"{place}: {archived}/{judged}" for place, _, archived, judged in short])),
        ("short_count", len(short)),
        ("ages", _listed(short_ages)),
        ("ages_count", len(short_ages)),
        ("silent", _listed(silent)),
        ("silent_count", len(silent)),
        ("sparse", _listed(sparse)),
        ("sparse_count", len(sparse)),
        ("undetermined", undecided),
        ("population_share", share(reached, people)),
        ("weighted", _listed([f"{task}: {share(living, whole)}" for task, living, whole in weighted])),
        ("threshold", thresholds.municipality_share),
        ("sparse_share", thresholds.sparse_share),
    )
    if not places:
        return Condition(ConditionStatus.UNKNOWN, "conditions.population.no-population", values)
    if short:
        return Condition(ConditionStatus.NOT_MET, "conditions.population.short", values)
    if short_ages:
        return Condition(ConditionStatus.NOT_MET, "conditions.population.short-ages", values)
    if silent:
        return Condition(ConditionStatus.UNKNOWN, "conditions.population.silent", values)
    if undecided:
        return Condition(ConditionStatus.UNKNOWN, "conditions.population.undetermined", values)
    if sparse:
        return Condition(ConditionStatus.UNKNOWN, "conditions.population.sparse", values)
    return Condition(ConditionStatus.MET, "conditions.population.reached", values)


def _sparse(places: Sequence[tuple[str, int, int, int, int, int]], thresholds: Thresholds) -> list[str]:
    """Municipalities with clients, but far fewer than the whole area's rate lets expect."""
    people = sum(population for _, population, *_ in places)
    clients = sum(clients for _, _, clients, *_ in places)
    found = []
    for place, population, own, *_ in places:
        expected = clients * population / people if people else 0.0
        if own and expected >= thresholds.least_expected and own < thresholds.sparse_share * expected:
            found.append(f"{place}: {own} ({expected:.0f})")
    return found


def _task(layer: str, task: str | None) -> str:
    return f"{task or '–'} ({layer})" if layer == "child-protection" else task or "–"


def _listed(items: Sequence[str]) -> str:
    """At most ten items, and how many more there are."""
    more = f" +{len(items) - _SHOWN}" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more
