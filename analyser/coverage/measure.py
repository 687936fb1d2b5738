"""Runs the model for a request and reads the Result off it. All figures come from SQL; here they are only tied.

A sum that does not tie is an error: nobody shall act on figures that contradict each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

import duckdb
import pyarrow as pa

from analyser.coverage.carried import with_carried
from analyser.coverage.conditions import Thresholds, period_condition, service_task_condition
from analyser.coverage.delivered import recall, two_sources
from analyser.coverage.model import Request, build_model
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
    Names,
    Period,
    Reason,
    ReasonCount,
    Refusal,
    RowClass,
    SeparateDelivery,
    TaskName,
    Totals,
    TwoSources,
    UnitName,
)
from analyser.coverage.stale import stale
from analyser.coverage.statements import statement
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
    build_model(database.connection, request)
    return measured(database.connection, request, by, thresholds)


def measured(
    connection: duckdb.DuckDBPyConnection,
    request: Request,
    by: Sequence[Dimension] = DEFAULT_BY,
    thresholds: Thresholds | None = None,
) -> CoverageResult:
    """The coverage, for a connection in which the model of `request` stands."""
    assert_ties(connection)
    wanted = _in_order(by)
    totals = _totals(connection)
    table = _cells(connection, wanted)
    _assert_cells_tie(totals, table)
    recall(connection)
    sources = two_sources(connection)
    _assert_sources_tie(totals, sources)
    limits = thresholds or Thresholds()
    to_send = totals.partial + totals.missing
    unread = refused(connection)
    return CoverageResult(
        period=request.period,
        as_of=request.as_of,
        organisers=_organisers(connection),
        by=wanted,
        separate_delivery=SeparateDelivery(
            needed=to_send > 0,
            episodes=to_send,
            undetermined=totals.undetermined,
            refused=unread.beside_episodes,
            refused_lists=unread.lists,
            period=period_condition(connection, limits, under_way=request.under_way),
            service_tasks=service_task_condition(connection, limits),
            population=population_condition(connection, limits, request.county),
        ),
        totals=totals,
        cells=table,
        reasons=tuple(
            ReasonCount(RowClass(row_class), Reason(reason), rows)
            for row_class, reason, rows in connection.execute(statement("reasons")).fetchall()
        ),
        documents=_documents(connection),
        names=names_of(connection),
        register_errors=_count(connection, "SELECT count(*) FROM register_error"),
        answers=_answers(connection, request),
        sources=sources,
        reference=references(connection, request.period, limits.reference_share),
        beyond_limit=beyond_limit(connection),
        stale=stale(connection, request.period),
    )


def gaps(
    database: Database, request: Request, classes: Collection[RowClass] = (), *, reveal: bool = False
) -> GapsResult:
    """The ledger of the period: every register row with its class, reasons and documents.

    With `classes` only rows of those classes. `reveal` adds the identifiers that the register gave.
    """
    if reveal:
        assert_persons_known(database, "no_identifier")
    build_model(database.connection, request)
    assert_ties(database.connection)
    found = ledger(database.connection, request.period, classes, reveal=reveal)
    return replace(found, as_of=request.as_of)


def ledger(
    connection: duckdb.DuckDBPyConnection, period: Period, classes: Collection[RowClass] = (), *, reveal: bool = False
) -> GapsResult:
    """The ledger, for a connection in which the model of the period stands."""
    rows = connection.execute(
        statement("ledger-revealed" if reveal else "ledger"), {"classes": [str(c) for c in classes]}
    ).to_arrow_table()
    unread = refused(connection)
    return GapsResult(
        period=period,
        rows=with_carried(connection, rows.cast(_revealed_schema() if reveal else LEDGER_SCHEMA), classes),
        archived_only=connection.execute(statement("archived-only")).to_arrow_table().cast(ARCHIVED_ONLY_SCHEMA),
        revealed=reveal,
        names=names_of(connection),
        refused=unread.beside_episodes,
        refused_lists=unread.lists,
        beyond_limit=beyond_limit(connection),
        stale=stale(connection, period),
    )


def beyond_limit(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Rows that are undetermined because there are more readings than are gone through, where the model stands."""
    return tuple(source_id for (source_id,) in connection.execute(statement("beyond-limit")).fetchall())


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


def refused(connection: duckdb.DuckDBPyConnection) -> RefusedRows:
    """How many they are, for a connection in which the model of the period stands."""
    found = dict(connection.execute(statement("refused")).fetchall())
    return RefusedRows(found.pop("episodes", 0), found.pop("services", 0), tuple(found.items()))


def names_of(connection: duckdb.DuckDBPyConnection) -> Names:
    """What service tasks and units are called, for a connection in which the model of the period stands."""
    tasks = tuple(TaskName(*row) for row in connection.execute(statement("task-names")).fetchall())
    units = {oid: UnitName(*told) for oid, *told in connection.execute(statement("unit-names")).fetchall()}
    return Names(tasks, units)


def assert_ties(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise BrokenSumError for the first sum of the model that does not tie."""
    broken = connection.execute(statement("ties")).fetchone()
    if broken is not None:
        what, one, other = broken
        raise BrokenSumError("coverage.figures", what=what, one=one, other=other)


def cells(connection: duckdb.DuckDBPyConnection, by: Sequence[Dimension]) -> tuple[Cell, ...]:
    """The coverage table by other dimensions, for a connection in which the model stands. Its sums tie, too."""
    found = _cells(connection, _in_order(by))
    _assert_cells_tie(_totals(connection), found)
    return found


def documents(connection: duckdb.DuckDBPyConnection) -> Documents:
    """What became of the documents, for a connection in which the model stands."""
    return _documents(connection)


def totals(connection: duckdb.DuckDBPyConnection) -> Totals:
    """The totals of the coverage report, for a connection in which the model stands."""
    return _totals(connection)


def _revealed_schema() -> pa.Schema:
    fields = list(LEDGER_SCHEMA)
    return pa.schema(fields[:2] + [pa.field(name, pa.string()) for name in REVEALED_COLUMNS] + fields[2:])


def _in_order(by: Sequence[Dimension]) -> tuple[Dimension, ...]:
    """The dimensions asked for, and no others, in the order in which cells are told."""
    wanted = set(by) or set(DEFAULT_BY)
    return tuple(place for place in _PLACES if place in wanted)


def _figures(
    connection: duckdb.DuckDBPyConnection, by: Collection[Dimension]
) -> list[tuple[dict[Dimension, str | None], Totals]]:
    flags = {place.key: place in by for place in _PLACES}
    found = connection.execute(statement("cells"), flags).fetchall()
    count = len(_PLACES)
    return [(dict(zip(_PLACES, row[:count], strict=True)), Totals(*row[count:])) for row in found]


def _totals(connection: duckdb.DuckDBPyConnection) -> Totals:
    figures = _figures(connection, ())
    return figures[0][1] if figures else Totals()


def _cells(connection: duckdb.DuckDBPyConnection, by: tuple[Dimension, ...]) -> tuple[Cell, ...]:
    return tuple(
        Cell(tuple((place.key, places[place]) for place in by), totals, _status(totals))
        for places, totals in _figures(connection, by)
    )


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


def _organisers(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    found = connection.execute("SELECT DISTINCT told FROM scope_organiser ORDER BY told").fetchall()
    return tuple(organiser for (organiser,) in found)


def _documents(connection: duckdb.DuckDBPyConnection) -> Documents:
    row = connection.execute(statement("documents")).fetchone()
    if row is None:
        raise BrokenSumError("coverage.documents_uncounted")
    counted = Documents(*row)
    kept_out = counted.refused + counted.not_acknowledged
    if counted.ingested != counted.current + counted.superseded + counted.voided + counted.quarantined + kept_out:
        raise BrokenSumError("coverage.documents_and_standings")
    return counted


def _answers(connection: duckdb.DuckDBPyConnection, request: Request) -> Answers:
    row = connection.execute(statement("answers")).fetchone()
    if row is None:
        raise BrokenSumError("coverage.documents_uncounted")
    found = tuple(Refusal(*one) for one in connection.execute(statement("refusals")).fetchall())
    answers = replace(Answers(request.acknowledgements, *row), refusals=found)
    if sum(one.documents for one in found) != answers.refused:
        raise BrokenSumError("coverage.documents_and_standings")
    return answers


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
