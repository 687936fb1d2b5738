"""Runs the model for a request and reads the Result off it. All figures come from SQL; here they are only tied.

A sum that does not tie is an error: nobody shall act on figures that contradict each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

import pyarrow as pa

from analyser.coverage.carried import with_carried
from analyser.coverage.conditions import Thresholds, period_condition, service_task_condition
from analyser.coverage.delivered import recall
from analyser.coverage.model import Model, Request
from analyser.coverage.names import Names, TaskName, UnitName
from analyser.coverage.population import population_condition
from analyser.coverage.reference import references
from analyser.coverage.result import (
    ARCHIVED_ONLY_SCHEMA,
    LEDGER_SCHEMA,
    REVEALED_COLUMNS,
    Answers,
    Cell,
    CellStatus,
    CoverageResult,
    Dimension,
    Documents,
    GapsResult,
    Reason,
    ReasonCount,
    Refusal,
    RowClass,
    SeparateDelivery,
    Totals,
)
from analyser.coverage.stale import stale
from analyser.coverage.two_sources import TwoSources
from analyser.messages.errors import BrokenSumError
from analyser.store.database import Database, assert_persons_known

DEFAULT_BY = (Dimension.LAYER, Dimension.SERVICE_TASK)
_PLACES = (
    Dimension.LAYER,
    Dimension.SERVICE_TASK,
    Dimension.MUNICIPALITY,
    Dimension.UNIT,
    Dimension.PRODUCER,
    Dimension.AGE_GROUP,
)


def coverage(
    database: Database,
    request: Request,
    by: Sequence[Dimension] = DEFAULT_BY,
    thresholds: Thresholds | None = None,
) -> CoverageResult:
    """Compare archive and register, and return the coverage by the dimensions asked for.

    Without any: by layer and service task. A dimension that is not asked for is told by no cell.
    Raises BrokenSumError when figures do not tie.
    """
    return measured(Model.asked(database.connection, request), by, thresholds)


def measured(
    model: Model, by: Sequence[Dimension] = DEFAULT_BY, thresholds: Thresholds | None = None
) -> CoverageResult:
    """The coverage of a model that stands."""
    request, whole, wanted = model.request, totals(model), _in_order(by)
    table = _cells(model, wanted, whole)
    sources = recall(model).two_sources()
    _assert_sources_tie(whole, sources)
    limits = thresholds or Thresholds()
    to_send = whole.partial + whole.missing
    unread = refused(model)
    return CoverageResult(
        period=request.period,
        as_of=request.as_of,
        organisers=_organisers(model),
        by=wanted,
        separate_delivery=SeparateDelivery(
            needed=to_send > 0,
            episodes=to_send,
            undetermined=whole.undetermined,
            refused=unread.beside_episodes,
            refused_lists=unread.lists,
            period=period_condition(model, limits),
            service_tasks=service_task_condition(model, limits),
            population=population_condition(model, limits),
        ),
        totals=whole,
        cells=table,
        reasons=tuple(
            ReasonCount(RowClass(row_class), Reason(reason), rows) for row_class, reason, rows in model.rows("reasons")
        ),
        documents=documents(model),
        names=names_of(model),
        register_errors=model.rows("register-errors")[0][0],
        answers=_answers(model),
        sources=sources,
        reference=references(model, limits.reference_share),
        beyond_limit=beyond_limit(model),
        stale=stale(model),
    )


def gaps(
    database: Database, request: Request, classes: Collection[RowClass] = (), *, reveal: bool = False
) -> GapsResult:
    """The ledger of the period: every register row with its class, reasons and documents.

    With `classes` only rows of those classes. `reveal` adds the identifiers that the register gave.
    """
    return ledger(model_to_reveal(database, request, reveal=reveal), classes, reveal=reveal)


def model_to_reveal(database: Database, request: Request, *, reveal: bool) -> Model:
    """The model, built when it is certain that the identifiers are there which are to be shown with `reveal`.

    Raises UsageError where the persons were forgotten, BrokenSumError when figures do not tie.
    """
    if reveal:
        assert_persons_known(database, "no_identifier")
    return Model.asked(database.connection, request)


def ledger(model: Model, classes: Collection[RowClass] = (), *, reveal: bool = False) -> GapsResult:
    """The ledger of a model that stands, as `gaps` gives it."""
    rows = model.table("ledger-revealed" if reveal else "ledger", {"classes": [str(c) for c in classes]})
    unread = refused(model)
    return GapsResult(
        period=model.period,
        as_of=model.request.as_of,
        rows=with_carried(model, rows.cast(_revealed_schema() if reveal else LEDGER_SCHEMA), classes),
        archived_only=model.table("archived-only").cast(ARCHIVED_ONLY_SCHEMA),
        revealed=reveal,
        names=names_of(model),
        refused=unread.beside_episodes,
        refused_lists=unread.lists,
        beyond_limit=beyond_limit(model),
        stale=stale(model),
    )


def beyond_limit(model: Model) -> tuple[str, ...]:
    """Rows that are undetermined because there are more readings than are gone through."""
    return tuple(source_id for (source_id,) in model.rows("beyond-limit"))


class RefusedRows(NamedTuple):
    """Rows of the county's lists that could not be read and may be of the period."""

    episodes: int
    services: int
    lists: tuple[tuple[str, int], ...]
    """Of the lists by which both are read (identities, codes, periods, units …), by kind, as far as there are any."""

    @property
    def beside_episodes(self) -> int:
        """Rows that make a verdict on the episodes uncertain."""
        return self.episodes + self.of_lists

    @property
    def beside_services(self) -> int:
        """Rows that make a verdict on the services uncertain."""
        return self.services + self.of_lists

    @property
    def of_lists(self) -> int:
        """Rows of all lists but the two that are counted."""
        return sum(rows for _, rows in self.lists)


def refused(model: Model) -> RefusedRows:
    """How many they are in the model's period."""
    found = dict(model.rows("refused"))
    return RefusedRows(found.pop("episodes", 0), found.pop("services", 0), tuple(found.items()))


def names_of(model: Model) -> Names:
    """What service tasks and units are called."""
    tasks = tuple(TaskName(*row) for row in model.rows("task-names"))
    units = {oid: UnitName(*told) for oid, *told in model.rows("unit-names")}
    return Names(tasks, units)


def cells(model: Model, by: Sequence[Dimension]) -> tuple[Cell, ...]:
    """The coverage table by these dimensions. Its sums tie with the totals."""
    return _cells(model, _in_order(by), totals(model))


def _cells(model: Model, wanted: tuple[Dimension, ...], whole: Totals) -> tuple[Cell, ...]:
    found = tuple(
        Cell(tuple((place.key, places[place]) for place in wanted), figures, _status(figures))
        for places, figures in _figures(model, wanted)
    )
    _assert_cells_tie(whole, found)
    return found


def totals(model: Model) -> Totals:
    """The totals of the coverage report."""
    figures = _figures(model, ())
    return figures[0][1] if figures else Totals()


def documents(model: Model) -> Documents:
    """What became of the documents; every one of them is counted once."""
    found = model.rows("documents")
    if not found:
        raise BrokenSumError("coverage.documents_uncounted")
    counted = Documents(*found[0])
    kept_out = counted.refused + counted.not_acknowledged
    if counted.ingested != counted.current + counted.superseded + counted.voided + counted.quarantined + kept_out:
        raise BrokenSumError("coverage.documents_and_standings")
    return counted


def _revealed_schema() -> pa.Schema:
    fields = list(LEDGER_SCHEMA)
    return pa.schema(fields[:2] + [pa.field(name, pa.string()) for name in REVEALED_COLUMNS] + fields[2:])


def _in_order(by: Sequence[Dimension]) -> tuple[Dimension, ...]:
    """The dimensions asked for, and no others, in the order in which cells are told."""
    wanted = set(by) or set(DEFAULT_BY)
    return tuple(place for place in _PLACES if place in wanted)


def _figures(model: Model, by: Collection[Dimension]) -> list[tuple[dict[Dimension, str | None], Totals]]:
    found = model.rows("cells", {place.key: place in by for place in _PLACES})
    count = len(_PLACES)
    return [(dict(zip(_PLACES, row[:count], strict=True)), Totals(*row[count:])) for row in found]


def _status(totals: Totals) -> CellStatus:
    if totals.partial or totals.missing:
        return CellStatus.GAP
    if totals.undetermined:
        return CellStatus.UNDETERMINED
    return CellStatus.COVERED if totals.archived else CellStatus.NO_BASIS


def _assert_sources_tie(totals: Totals, sources: TwoSources) -> None:
    """What the two sources bring and lack is what the ledger counts."""
    summed = {
        name: sum(getattr(cell, name) for cell in sources.cells)
        for name in ("rows", "kanta", "both", "delivery", "neither", "undetermined")
    }
    for what, one, other in (
        ("rows-of-two-sources", summed["rows"], totals.rows - totals.excluded),
        ("rows-of-kanta", summed["kanta"] + summed["both"], totals.archived),
        ("rows-lacking", summed["delivery"] + summed["neither"], totals.partial + totals.missing),
        ("rows-undecided", summed["undetermined"], totals.undetermined),
    ):
        if one != other:
            raise BrokenSumError("coverage.figures", what=what, one=one, other=other)


def _assert_cells_tie(totals: Totals, table: tuple[Cell, ...]) -> None:
    summed = (
        "rows",
        "excluded",
        "undetermined",
        "archived",
        "partial",
        "missing",
        "archived_only",
        "days_expected",
    )
    for name in summed:
        over_cells = sum(getattr(cell.totals, name) for cell in table)
        if over_cells != getattr(totals, name):
            raise BrokenSumError("coverage.cells_and_whole", figure=name, cells=over_cells, whole=getattr(totals, name))
    classes = totals.excluded + totals.undetermined + totals.archived + totals.partial + totals.missing
    if classes != totals.rows:
        raise BrokenSumError("coverage.classes_and_rows", classes=classes, rows=totals.rows)


def _organisers(model: Model) -> tuple[str, ...]:
    return tuple(organiser for (organiser,) in model.rows("organisers"))


def _answers(model: Model) -> Answers:
    found = model.rows("answers")
    if not found:
        raise BrokenSumError("coverage.documents_uncounted")
    refusals = tuple(Refusal(*one) for one in model.rows("refusals"))
    answers = replace(Answers(model.request.acknowledgements, *found[0]), refusals=refusals)
    if sum(one.documents for one in refusals) != answers.refused:
        raise BrokenSumError("coverage.documents_and_standings")
    return answers
