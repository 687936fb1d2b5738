"""Several counties side by side: organiser × service task × period, from cells of their coverage reports alone.

What goes in is the document of `coverage -f json` by layer and service task, saved or made of a database just now. No
row, no person and no document of one county ever meets another's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from analyser.coverage.result import COVERAGE_SCHEMA, Layer, Reason
from analyser.messages.errors import UsageError

COMBINED_SCHEMA = "kanta-gap/combine/1"
_COUNTS = ("rows", "excluded", "undetermined", "archived", "partial", "missing")


@dataclass(frozen=True, slots=True)
class TaskCell:
    """One service task of one county in one period. A count is None where a shared report left it out."""

    layer: str
    service_task: str
    counts: Mapping[str, int | None]
    """The five classes and their sum, `rows`."""
    coverage_rows: float | None
    comprehensive: bool | None
    """Whether the archived share reaches the threshold; None when rows are undetermined, refused or left out."""

    @property
    def has_no_basis(self) -> bool:
        """No row could be archived, as far as all counts are told and none is left to be decided."""
        return not any(self.counts[name] != 0 for name in ("archived", "partial", "missing", "undetermined"))


@dataclass(frozen=True, slots=True)
class County:
    """What one county's report says of one period."""

    name: str | None
    organisers: tuple[str, ...]
    period: str
    population: int | None
    """Its population base; None where it loaded no population file, or a shared report left it out."""
    refused: int
    quarantined: int | None
    elsewhere: int | None
    """Rows with the reason `other-organiser`; whether that county holds the document can be told by no cell."""
    cells: tuple[TaskCell, ...]

    def cell(self, layer: str, service_task: str) -> TaskCell | None:
        """The cell of a service task, None when the report has none."""
        return next((one for one in self.cells if (one.layer, one.service_task) == (layer, service_task)), None)


@dataclass(frozen=True, slots=True)
class Measure:
    """A service task over all counties of a period, as THL measures it: the share of the population that lives in
    counties whose archiving of the task is comprehensive."""

    period: str
    layer: str
    service_task: str
    counties: int
    comprehensive: int
    not_comprehensive: int
    unknown: int
    """Counties that cannot be judged."""
    without_rows: int
    """Counties without a row that could be archived: not comprehensive, as a municipality without rows is not."""
    population: int | None
    population_comprehensive: int | None
    """None, as the share, when the population of some county is unknown, or a county cannot be judged."""

    @property
    def population_share(self) -> float | None:
        """From 0 to 1."""
        if not self.population or self.population_comprehensive is None:
            return None
        return round(self.population_comprehensive / self.population, 6)


@dataclass(frozen=True, slots=True)
class Combined:
    """The matrix, sorted by period and organisers, and the measure of each service task."""

    threshold: float
    as_of: str | None
    counties: tuple[County, ...]
    measures: tuple[Measure, ...]


Report = tuple[str, str | None, Mapping[str, Any]]
"""The name of its file, what its county is called, and the document of `coverage -f json`."""


def combined(documents: Sequence[Report], threshold: float, version: str) -> Combined:
    """Combine reports; `threshold` is the archived share from which a service task counts as comprehensive.

    Raises UsageError for a document of another version of the program, of other dimensions, of another as-of date than
    the first, and for an organiser that comes twice in a period: its rows would count twice.
    """
    counties: list[County] = []
    given: dict[tuple[str, str], str] = {}
    days: dict[str, tuple[str, str]] = {}
    as_of = documents[0][2].get("as_of") if documents else None
    for file, name, document in documents:
        try:
            county = _county(file, name, document, Fraction(str(threshold)), version)
            span = (document["period"]["start"], document["period"]["end"])
        except (KeyError, TypeError, ValueError):
            raise UsageError("combine.not_whole", file=file) from None
        if document.get("as_of") != as_of:
            raise UsageError("combine.as_of", file=file)
        if days.setdefault(county.period, span) != span:
            raise UsageError("combine.period", file=file, period=county.period)
        for organiser in county.organisers:
            if other := given.get((county.period, organiser)):
                raise UsageError("combine.twice", organiser=organiser, file=file, other=other, period=county.period)
            given[county.period, organiser] = file
        counties.append(county)
    _assert_whole(counties, given)
    counties.sort(key=lambda county: (county.period, county.organisers, county.name or ""))
    return Combined(threshold, as_of, tuple(counties), tuple(_measures(counties)))


def _assert_whole(counties: Sequence[County], given: Mapping[tuple[str, str], str]) -> None:
    """A county that lacks one of the periods would make that period's measure one of fewer counties, unseen."""
    for period in sorted({county.period for county in counties}):
        for (of, organiser), file in given.items():
            if of != period and (period, organiser) not in given:
                raise UsageError("combine.lacks", file=file, period=period, has=of)


def _county(file: str, name: str | None, document: Mapping[str, Any], threshold: Fraction, version: str) -> County:
    if document["schema"] != COVERAGE_SCHEMA or document["tool_version"] != version:
        raise UsageError("combine.version", file=file, version=str(document["tool_version"]), known=version)
    if not document["organisers"]:
        raise UsageError("combine.no_organiser", file=file)
    delivery = document["separate_delivery"]
    cells = []
    for cell in document["cells"]:
        if set(cell) & {"municipality", "unit", "producer", "age_group"} or "layer" not in cell:
            raise UsageError("combine.by", file=file)
        cells.append(_cell(cell, threshold, refused=delivery["refused"]))
    numbers = delivery["conditions"]["population"].get("numbers") or {}
    reasons = document.get("reasons")
    return County(
        name=name,
        organisers=tuple(document["organisers"]),
        period=document["period"]["id"],
        population=numbers.get("population") or None,
        refused=delivery["refused"],
        quarantined=document["documents"]["quarantined"],
        elsewhere=None
        if reasons is None
        else sum(entry["rows"] for entry in reasons if entry["reason"] == Reason.OTHER_ORGANISER),
        cells=tuple(sorted(cells, key=lambda cell: (cell.layer != Layer.SERVICE_TASK, cell.service_task))),
    )


def _cell(cell: Mapping[str, Any], threshold: Fraction, *, refused: int) -> TaskCell:
    counts = {name: cell[name] for name in _COUNTS}
    parts = [counts[name] for name in ("archived", "partial", "missing")]
    comprehensive = None
    if None not in parts and (basis := sum(parts)):
        # As a fraction: 95 of 100 reaches 0.95, which floats may deny.
        if Fraction(counts["archived"], basis) < threshold:
            comprehensive = False
        elif counts["undetermined"] == 0 and refused == 0:
            comprehensive = True
    return TaskCell(cell["layer"], cell["service_task"] or "", counts, cell["coverage_rows"], comprehensive)


def _measures(counties: Sequence[County]) -> Iterable[Measure]:
    of_period: dict[str, list[County]] = defaultdict(list)
    for county in counties:
        of_period[county.period].append(county)
    for period, there in of_period.items():
        tasks = {
            (cell.layer, cell.service_task) for county in there for cell in county.cells if not _all_excluded(cell)
        }
        for layer, task in sorted(tasks, key=lambda place: (place[0] != Layer.SERVICE_TASK, place[1])):
            yield _measure(period, layer, task, there)


def _all_excluded(cell: TaskCell) -> bool:
    """A task that is no county's matter, such as family law, has no measure."""
    return bool(cell.counts["rows"]) and cell.counts["rows"] == cell.counts["excluded"]


def _measure(period: str, layer: str, task: str, counties: Sequence[County]) -> Measure:
    judged: dict[str, list[County]] = {"met": [], "short": [], "unknown": [], "none": []}
    for county in counties:
        cell = county.cell(layer, task)
        if cell is None or cell.has_no_basis:
            judged["none"].append(county)
        else:
            judged["unknown" if cell.comprehensive is None else "met" if cell.comprehensive else "short"].append(county)
    populations = [county.population for county in counties]
    known = None if None in populations else sum(one for one in populations if one is not None)
    met = None if known is None or judged["unknown"] else sum(county.population or 0 for county in judged["met"])
    return Measure(
        period=period,
        layer=layer,
        service_task=task,
        counties=len(counties),
        comprehensive=len(judged["met"]),
        not_comprehensive=len(judged["short"]),
        unknown=len(judged["unknown"]),
        without_rows=len(judged["none"]),
        population=known,
        population_comprehensive=met,
    )
