"""The third condition: does the archive cover the county's whole population base?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from analyser.coverage.condition_values import (
    Condition,
    ConditionFinding,
    ConditionStatus,
    Value,
    ValueKind,
    ValueTable,
    counts,
    names,
)
from analyser.coverage.conditions import Thresholds, judgement
from analyser.coverage.model import Model
from analyser.coverage.shares import share
from analyser.coverage.statements import statement
from analyser.store.database import execute_all


@dataclass(frozen=True, slots=True)
class _Place:
    """A municipality, or one age group of it: its people and its clients."""

    municipality: str
    age_group: str | None
    year: int | None
    population: int | None
    clients: int
    archived: int
    undecided: int
    archived_only: int

    @property
    def share(self) -> float | None:
        """Clients all of whose rows are archived, of those that are decided."""
        return share(self.archived, self.clients - self.undecided)


def population_condition(model: Model, limits: Thresholds) -> Condition:
    """Is every municipality reached, and every age group that the population file tells?

    Municipalities of the county, when the settings name one, that the file lacks are told.
    """
    made: list[bool] = []

    def tell_people(connection: duckdb.DuckDBPyConnection) -> None:
        if not made:
            execute_all(connection, statement("population"), {"county": list(model.request.county)})
            made.append(True)

    found = [_Place(*row) for row in model.rows("municipality-shares", beside=tell_people)]
    places = [place for place in found if place.age_group is None]
    ages = _by_age([place for place in found if place.age_group is not None])
    elsewhere = model.rows("clients-elsewhere", beside=tell_people)
    weighted = model.rows("population-weighted", {"service_task_share": limits.service_task_share}, tell_people)
    people = sum(place.population or 0 for place in places)
    clients = sum(place.clients for place in places)
    findings = {place: _finding(place, people, clients, limits) for place in places}
    by = {finding: [place for place in places if findings[place] is finding] for finding in ConditionFinding}
    short_ages = [age for age in ages if _short(age, limits)]
    worst = min(by[ConditionFinding.SHORT], key=lambda place: (place.share or 0, -place.clients), default=None)
    worst_age = min(short_ages, key=lambda age: (age.share or 0, -age.clients), default=None)
    unplaced = sum(number - archived for municipality, number, archived in elsewhere if municipality is None)
    met = sum(place.population or 0 for place in by[ConditionFinding.MET])
    values = (
        *counts(
            municipalities=len(places),
            population=people,
            clients=clients,
            archived_clients=sum(place.archived for place in places),
            clients_elsewhere=sum(number for _, number, _ in elsewhere),
            unplaced=unplaced,
            undecided=sum(place.undecided for place in places),
            short_count=len(by[ConditionFinding.SHORT]),
            none_count=len(by[ConditionFinding.NONE]),
            sparse_count=len(by[ConditionFinding.SPARSE]),
            without_population=len(by[ConditionFinding.NO_POPULATION]),
            short_ages=len(short_ages),
        ),
        names("none", ValueKind.MUNICIPALITY, [place.municipality for place in by[ConditionFinding.NONE]]),
        names("sparse", ValueKind.MUNICIPALITY, [place.municipality for place in by[ConditionFinding.SPARSE]]),
        names("lacking", ValueKind.MUNICIPALITY, [place.municipality for place in by[ConditionFinding.NO_POPULATION]]),
        Value("worst", ValueKind.MUNICIPALITY, worst.municipality if worst else None),
        Value("worst_archived", ValueKind.COUNT, worst.archived if worst else None),
        Value("worst_clients", ValueKind.COUNT, worst.clients - worst.undecided if worst else None),
        Value("worst_age", ValueKind.AGE_GROUP, worst_age.age_group if worst_age else None),
        Value("worst_age_archived", ValueKind.COUNT, worst_age.archived if worst_age else None),
        Value("worst_age_clients", ValueKind.COUNT, worst_age.clients - worst_age.undecided if worst_age else None),
        Value("population_share", ValueKind.SHARE, share(met, people)),
    )
    stated = any(place.population is not None for place in places)
    verdicts = (
        (not stated and _years_to_come(model), ConditionStatus.UNKNOWN, "later-population"),
        (not stated, ConditionStatus.UNKNOWN, "no-population"),
        (worst is not None, ConditionStatus.NOT_MET, "short"),
        (worst_age is not None, ConditionStatus.NOT_MET, "short-ages"),
        (not clients, ConditionStatus.UNKNOWN, "no-clients"),
        (bool(by[ConditionFinding.NO_POPULATION]), ConditionStatus.UNKNOWN, "lacking"),
        (bool(by[ConditionFinding.NONE]), ConditionStatus.UNKNOWN, "none"),
        (unplaced > 0, ConditionStatus.UNKNOWN, "unplaced"),
        (bool(by[ConditionFinding.UNDECIDED]), ConditionStatus.UNKNOWN, "undetermined"),
        (bool(by[ConditionFinding.SPARSE]), ConditionStatus.UNKNOWN, "sparse"),
        (True, ConditionStatus.MET, "reached"),
    )
    details = (
        _places("municipalities", [(place, findings[place]) for place in places], people, clients),
        _ages("age_groups", ages, limits),
        _ages("municipality_age_groups", [place for place in found if place.age_group is not None], limits),
        ValueTable(
            "population_weighted",
            (
                ("service_task", ValueKind.TASK),
                ("comprehensive", ValueKind.COUNT),
                ("not_comprehensive", ValueKind.COUNT),
                ("without_rows", ValueKind.COUNT),
                ("population_share", ValueKind.SHARE),
            ),
            tuple((task, full, part, none, share(full, people)) for task, full, part, none in weighted),
        ),
        ValueTable(
            "clients_elsewhere",
            (
                ("municipality", ValueKind.MUNICIPALITY),
                ("clients", ValueKind.COUNT),
                ("archived_clients", ValueKind.COUNT),
            ),
            tuple(elsewhere),
        ),
    )
    thresholds = limits.told("service_task_share", "municipality_share", "sparse_share", "least_expected")
    return judgement("population", verdicts, values, thresholds, details)


def _short(place: _Place, limits: Thresholds) -> bool:
    return place.share is not None and place.share < limits.municipality_share


def _finding(place: _Place, people: int, clients: int, limits: Thresholds) -> ConditionFinding:
    if _short(place, limits):
        return ConditionFinding.SHORT
    if place.population is None:
        return ConditionFinding.NO_POPULATION
    if not place.clients:
        return ConditionFinding.NONE
    if place.undecided:
        return ConditionFinding.UNDECIDED
    expected = _expected(place, people, clients)
    if expected >= limits.least_expected and place.clients < limits.sparse_share * expected:
        return ConditionFinding.SPARSE
    return ConditionFinding.MET


def _expected(place: _Place, people: int, clients: int) -> float:
    """Clients that the municipality would have at the whole area's rate."""
    return clients * (place.population or 0) / people if people else 0.0


def _by_age(places: Sequence[_Place]) -> list[_Place]:
    """Age groups over all municipalities; the municipality is empty."""
    summed: dict[str | None, list[_Place]] = {}
    for place in places:
        summed.setdefault(place.age_group, []).append(place)
    return [
        _Place(
            "",
            age,
            None,
            sum(place.population or 0 for place in own),
            sum(place.clients for place in own),
            sum(place.archived for place in own),
            sum(place.undecided for place in own),
            sum(place.archived_only for place in own),
        )
        for age, own in sorted(summed.items(), key=lambda item: item[0] or "")
    ]


def _places(name: str, places: Sequence[tuple[_Place, ConditionFinding]], people: int, clients: int) -> ValueTable:
    columns = (
        ("municipality", ValueKind.MUNICIPALITY),
        ("year", ValueKind.YEAR),
        ("population", ValueKind.COUNT),
        ("expected_clients", ValueKind.LEVEL),
        ("clients", ValueKind.COUNT),
        ("archived_clients", ValueKind.COUNT),
        ("undecided_clients", ValueKind.COUNT),
        ("archived_only", ValueKind.COUNT),
        ("share", ValueKind.SHARE),
        ("finding", ValueKind.FINDING),
    )
    rows = (
        (
            place.municipality,
            place.year,
            place.population,
            round(_expected(place, people, clients), 1) if place.population is not None else None,
            place.clients,
            place.archived,
            place.undecided,
            place.archived_only,
            place.share,
            finding.value,
        )
        for place, finding in places
    )
    return ValueTable(name, columns, tuple(rows))


def _ages(name: str, places: Sequence[_Place], limits: Thresholds) -> ValueTable:
    of_place = name != "age_groups"
    columns = (
        *((("municipality", ValueKind.MUNICIPALITY),) if of_place else ()),
        ("age_group", ValueKind.AGE_GROUP),
        ("population", ValueKind.COUNT),
        ("clients", ValueKind.COUNT),
        ("archived_clients", ValueKind.COUNT),
        ("share", ValueKind.SHARE),
        ("finding", ValueKind.FINDING),
    )
    rows = (
        (
            *((place.municipality,) if of_place else ()),
            place.age_group,
            place.population,
            place.clients,
            place.archived,
            place.share,
            _age_finding(place, limits).value,
        )
        for place in places
    )
    return ValueTable(name, columns, tuple(rows))


def _age_finding(place: _Place, limits: Thresholds) -> ConditionFinding:
    if _short(place, limits):
        return ConditionFinding.SHORT
    if not place.clients:
        return ConditionFinding.NONE
    return ConditionFinding.UNDECIDED if place.undecided else ConditionFinding.MET


def _years_to_come(model: Model) -> bool:
    """Whether the population file tells only of years after the period."""
    return bool(model.rows("population-told")[0][0])
