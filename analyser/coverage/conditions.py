"""The three conditions under which nothing need be delivered separately, as evidence and not as a guess.

The law's source does not say how much "covers" is; the thresholds are this project's own settings and are told
with every judgement. Where the data do not decide, the status is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from analyser.coverage.result import Condition, ConditionStatus, share
from analyser.coverage.statements import statement


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as covering. Shares from 0 to 1; this project's own defaults, not the authority's."""

    service_task_share: float = 1.0
    """Archived rows of a service task, of those that could be archived."""
    municipality_share: float = 1.0
    """Clients of a municipality all of whose rows are archived, of its clients in the register."""


def period_condition(connection: duckdb.DuckDBPyConnection) -> Condition:
    """Were documents stored in every month of the period?"""
    months = connection.execute(statement("months")).fetchall()
    empty = [month for month, documents in months if not documents]
    total = sum(documents for _, documents in months)
    values = (
        ("documents", total),
        ("months", ", ".join(f"{month}: {documents}" for month, documents in months)),
        ("empty", ", ".join(empty)),
    )
    if not total:
        return Condition(ConditionStatus.UNKNOWN, "conditions.period.no-documents", values)
    if empty:
        return Condition(ConditionStatus.NOT_MET, "conditions.period.empty-months", values)
    return Condition(ConditionStatus.MET, "conditions.period.every-month", values)


def service_task_condition(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds) -> Condition:
    """Does every service task of the register's rows reach its share in the archive?"""
    tasks = connection.execute(statement("task-shares")).fetchall()
    judged = [(task, archived, rows) for task, archived, rows, _ in tasks if rows]
    short = [
        f"{task}: {archived}/{rows}"
        for task, archived, rows in judged
        if (share(archived, rows) or 0) < thresholds.service_task_share
    ]
    undecided = sum(undetermined for *_, undetermined in tasks)
    values = (
        ("tasks", len(judged)),
        ("short", ", ".join(short)),
        ("short_count", len(short)),
        ("undetermined", undecided),
        ("threshold", thresholds.service_task_share),
    )
    if short:
        return Condition(ConditionStatus.NOT_MET, "conditions.service_tasks.short", values)
    if undecided:
        return Condition(ConditionStatus.UNKNOWN, "conditions.service_tasks.undetermined", values)
    if not judged:
        return Condition(ConditionStatus.UNKNOWN, "conditions.service_tasks.no-rows", values)
    return Condition(ConditionStatus.MET, "conditions.service_tasks.reached", values)


def population_condition(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds) -> Condition:
    """Is every municipality of the population file reached?"""
    places = connection.execute(statement("municipality-shares")).fetchall()
    people = sum(population for _, population, _, _ in places)
    short = [
        (municipality, population)
        for municipality, population, clients, archived in places
        if clients and (share(archived, clients) or 0) < thresholds.municipality_share
    ]
    silent = [municipality for municipality, _, clients, _ in places if not clients]
    reached = people - sum(population for _, population in short)
    values = (
        ("municipalities", len(places)),
        ("short", ", ".join(municipality for municipality, _ in short)),
        ("short_count", len(short)),
        ("silent", ", ".join(silent)),
        ("silent_count", len(silent)),
        ("population_share", share(reached, people)),
        ("threshold", thresholds.municipality_share),
    )
    if not places:
        return Condition(ConditionStatus.UNKNOWN, "conditions.population.no-population", values)
    if short:
        return Condition(ConditionStatus.NOT_MET, "conditions.population.short", values)
    if silent:
        return Condition(ConditionStatus.UNKNOWN, "conditions.population.silent", values)
    return Condition(ConditionStatus.MET, "conditions.population.reached", values)
